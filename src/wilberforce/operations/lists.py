"""The powers under which premises are entered."""

from dataclasses import dataclass

from wilberforce.base.lists import Entry, entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Power(Entry):
    warrant: bool


POWERS = entries("operations", "powers", Power)
BY_WARRANT = {code: power for code, power in POWERS.items() if power.warrant}
WITHOUT_WARRANT = {code: power for code, power in POWERS.items() if not power.warrant}
