"""What people see of sharing: guardians sign and let go; whoever works with a person shares, asks and is answered."""
