from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "wilberforce.ledger"
    label = "ledger"
