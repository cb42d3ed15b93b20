from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "wilberforce.ledger"
    label = "ledger"

    def ready(self) -> None:
        from . import policy  # noqa: F401
