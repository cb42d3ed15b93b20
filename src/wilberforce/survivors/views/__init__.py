"""A person's pages. Each shows what this viewer may see, and no more."""
