"""Arrests and custody records, transfers, the defence, what courts do, exhibits, news, unused material."""

from .court import Proceeding
from .defence import Weighing
from .detention import (
    Absence,
    Arrest,
    Decision,
    Detention,
    Ending,
    Entry,
    EntryKind,
    FormerArrest,
    FormerDetention,
    Held,
    Outcome,
    Review,
    Right,
    Standing,
)
from .exhibits import Exhibit, ExhibitKind, ExhibitMove, FormerExhibit, MoveKind
from .news import Happened, Heard, News, Telling
from .transfer import Transfer
from .unused import Unused

__all__ = [
    "Absence",
    "Arrest",
    "Decision",
    "Detention",
    "Ending",
    "Entry",
    "EntryKind",
    "Exhibit",
    "ExhibitKind",
    "ExhibitMove",
    "FormerArrest",
    "FormerDetention",
    "FormerExhibit",
    "Happened",
    "Heard",
    "Held",
    "MoveKind",
    "News",
    "Outcome",
    "Proceeding",
    "Review",
    "Right",
    "Standing",
    "Telling",
    "Transfer",
    "Unused",
    "Weighing",
]
