from wilberforce.ledger.tests.test_checkpoint import partners

__all__ = ["partners"]
