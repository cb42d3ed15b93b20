"""What is kept: ``people`` and how they sign in, the ``areas``, the ``ties`` and what is watched."""

from .areas import Area, AreaAsked, AreaQuery
from .people import (
    Agency,
    Device,
    Invitation,
    Membership,
    MembershipQuery,
    People,
    RoleHeld,
    SecondYes,
    Shift,
    SignedIn,
    User,
    Vetting,
    Wanted,
)
from .ties import Canary, ConflictDeclared, Link, SubjectBlock, Unlocked, Why

__all__ = [
    "Agency",
    "Area",
    "AreaAsked",
    "AreaQuery",
    "Canary",
    "ConflictDeclared",
    "Device",
    "Invitation",
    "Link",
    "Membership",
    "MembershipQuery",
    "People",
    "RoleHeld",
    "SecondYes",
    "Shift",
    "SignedIn",
    "SubjectBlock",
    "Unlocked",
    "User",
    "Vetting",
    "Wanted",
    "Why",
]
