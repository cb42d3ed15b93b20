"""The first responder organisations of each time."""

from dataclasses import dataclass

from wilberforce.base.lists import Entry, entries
from wilberforce.referrals.rules import FirstResponder


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Entry):
    kind: str
    notifies: bool = False


ORGANISATIONS = entries("referrals", "first_responders", Organisation)
RESPONDERS = tuple(
    FirstResponder(one.code, one.kind, one.notifies, one.valid_from, one.valid_to) for one in ORGANISATIONS.values()
)
