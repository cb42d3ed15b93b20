"""What is kept: ``people`` and how they sign in, their ``keys``, the ``areas``, the ``ties`` and what is watched."""

from .areas import Area, AreaAsked, AreaQuery
from .keys import HeldLetterbox, KeysAsked, OpenKey, OwnKey, Unlocking, Wrap
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
    "HeldLetterbox",
    "Invitation",
    "KeysAsked",
    "Link",
    "Membership",
    "MembershipQuery",
    "OpenKey",
    "OwnKey",
    "People",
    "RoleHeld",
    "SecondYes",
    "Shift",
    "SignedIn",
    "SubjectBlock",
    "Unlocked",
    "Unlocking",
    "User",
    "Vetting",
    "Wanted",
    "Why",
    "Wrap",
]
