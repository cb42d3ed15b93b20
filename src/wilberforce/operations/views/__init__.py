"""What people see: the plan in ``planning``, the day in ``day``."""
