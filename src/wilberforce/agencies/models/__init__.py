"""What is kept: ``people`` and how they sign in, their ``keys``, the ``areas``, the ``ties`` and what is watched.

``carried``: what devices without a network have in common, in whichever stage they are kept."""

from .areas import Area, AreaAsked
from .carried import Carried, SeatAt
from .keys import HeldLetterbox, KeysAsked, OpenKey, OwnKey, Unlocking, Wrap
from .people import (
    Agency,
    Device,
    Invitation,
    Membership,
    People,
    RoleHeld,
    SecondYes,
    Shift,
    SignedIn,
    User,
    Vetting,
    Wanted,
    not_over,
)
from .ties import Canary, ConflictDeclared, Link, SubjectBlock, Unlocked, Why

__all__ = [
    "Agency",
    "Area",
    "AreaAsked",
    "Canary",
    "Carried",
    "ConflictDeclared",
    "Device",
    "HeldLetterbox",
    "Invitation",
    "KeysAsked",
    "Link",
    "Membership",
    "OpenKey",
    "OwnKey",
    "People",
    "RoleHeld",
    "SeatAt",
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
    "not_over",
]
