"""Where a person can go from here: an address at which none of their roles holds anything is never offered."""

from django.urls import NoReverseMatch, resolve, reverse

from wilberforce.access.addresses import declaration_of
from wilberforce.access.asking import opens
from wilberforce.access.context import Actor


def way_to(actor: Actor, purpose: str, name: str) -> str:
    """The address of this name in the workspace, or nothing."""
    try:
        path = reverse(f"{purpose}:{name}")
    except NoReverseMatch:
        return ""
    declared = declaration_of(resolve(path).func, name)
    return path if declared and opens(actor.kind, actor.roles, purpose, declared.cells) else ""
