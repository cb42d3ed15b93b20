"""Where a person can go from here: an address at which none of their roles holds anything is never offered."""

from uuid import UUID

from django.urls import NoReverseMatch, resolve, reverse

from wilberforce.access.addresses import declaration_of
from wilberforce.access.asking import opens
from wilberforce.access.context import Actor


def way_to(actor: Actor, purpose: str, name: str, about: UUID | None = None) -> str:
    """The address of this name in the workspace, or nothing. Whether there is such a record is not asked."""
    try:
        path = reverse(f"{purpose}:{name}", args=[about] if about else [])
    except NoReverseMatch:
        return ""
    declared = declaration_of(resolve(path).func, name)
    return path if declared and opens(actor.kind, actor.roles, purpose, declared.cells) else ""
