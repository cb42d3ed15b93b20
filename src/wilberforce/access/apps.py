from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def load_after_migrate(sender: Any, using: str, **_: Any) -> None:
    """As the owner, once all migrations have run: the rules as data, then the row policies made from them."""
    from django.db import connections, transaction

    from .load import load_rules
    from .rls import apply

    with transaction.atomic(using=using):
        load_rules(connections[using])
        apply(using)


class AccessConfig(AppConfig):
    name = "wilberforce.access"
    label = "access"

    def ready(self) -> None:
        from . import checks  # noqa: F401

        post_migrate.connect(load_after_migrate, sender=self)
