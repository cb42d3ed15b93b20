"""What the pages cost: counted in tests, timed by ``./wb bench``."""
