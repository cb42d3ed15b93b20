"""The handbook's pages that are made from the rules themselves, so that none can be missing or stale."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from wilberforce.access.asking import matrix
from wilberforce.base.lawrule import Rule, all_rules
from wilberforce.base.words import spoken
from wilberforce.deadlines.lists import all_deadlines

from . import chapter, pictures, the_day, words

MADE = "<!-- Made by ./wb docs from the rules themselves. Change the rules, not this page. -->\n\n"


def pages() -> dict[str, str]:
    """Path below docs/handbook -> text."""
    made: dict[str, Callable[[], str]] = {
        "law.md": law,
        "deadlines.md": deadlines,
        "who-may.md": who_may,
        "facts-and-purposes.md": facts_and_purposes,
        "pages.md": pictures.page,
        "the-day.md": the_day.page,
        "centre.md": chapter.page,
    }
    return {path: MADE + text() for path, text in made.items()}


def law() -> str:
    lines = ["# What the law and the doctrine say", "", "A case is judged by the rules of its own day."]
    for app, rules in sorted(all_rules().items()):
        if rules:
            lines += ["", f"## {app}", "", *_table(("rule", "value", "source", "in force", "checked", "note"))]
            lines += [_row(_law_row(rule)) for rule in rules]
    return "\n".join(lines) + "\n"


def _law_row(rule: Rule[Any]) -> tuple[str, ...]:
    return (rule.name, _spoken(rule.value), rule.source, _validity(rule), f"{rule.checked_on:%d %b %Y}", rule.note)


def deadlines() -> str:
    lines = [
        "# What falls due",
        "",
        *_table(("code", "from", "what", "whose", "how firm", "first day", "calendar", "late goes to", "by which law")),
    ]
    for kind in all_deadlines().values():
        sources = "; ".join(dict.fromkeys(f"{rule.source} ({_validity(rule)})" for rule in kind.rules))
        role = spoken(kind.role)
        late = spoken(kind.escalates_to) if kind.escalates_to else ""
        firm = (str(kind.weight), kind.first_day, kind.calendar, late)
        lines.append(_row((f"`{kind.code}`", kind.trigger, kind.what, role, *firm, sources)))
    return "\n".join(lines) + "\n"


def who_may() -> str:
    lines = ["# Who may see and do what", "", "Nothing else is allowed; a forbid beats an allow.", ""]
    lines += ["R read, W write, D begin a disclosure, A approve. All facts named must hold.", ""]
    for name, found in matrix().classes.items():
        rules = [rule for rule in matrix().rules if name in rule.classes]
        lines += [f"## {name} (tier {found.tier}; kept {found.retain})", ""]
        lines += _table(("rule", "who", "for", "may", "fields", "when", "why"))
        lines += [_row(_rule_row(rule)) for rule in rules]
        lines.append("")
    lines += ["## Forbidden, whatever is allowed above", "", *_table(("rule", "who", "what", "unless", "why"))]
    for forbid in matrix().forbids:
        who = ", ".join((*(forbid.agencies or ()), *(forbid.roles or ())))
        unless = " and ".join(" or ".join(group) for group in forbid.unless)
        lines.append(_row((forbid.id, who, ", ".join(forbid.classes), unless, forbid.why)))
    lines += [_row((stop.id, "everybody", stop.fact, "", stop.why)) for stop in matrix().dynamic]
    return "\n".join(lines) + "\n"


def _rule_row(rule: Any) -> tuple[str, ...]:
    who = f"{', '.join(rule.roles)} ({', '.join(rule.agencies)})"
    may = "".join(action for action in "RWDA" if action in rule.actions)
    return (rule.id, who, ", ".join(rule.purposes), may, rule.fields or "all", ", ".join(rule.when), rule.why)


def facts_and_purposes() -> str:
    lines = ["# Purposes, roles and facts", "", "## Purposes", "", *_table(("purpose", "workspace", "regime", "why"))]
    for purpose in matrix().purposes.values():
        workspace = words.PURPOSES.get(purpose.name, "")
        lines.append(_row((f"`{purpose.name}`", workspace, purpose.regime, purpose.why)))
    lines += ["", "Never a purpose: " + ", ".join(matrix().banned_purposes) + ".", "", "## Roles", ""]
    lines += _table(("kind of agency", "roles"))
    lines += [_row((kind.name, ", ".join(map(spoken, kind.roles)))) for kind in matrix().kinds.values()]
    lines += ["", "## Facts", "", *_table(("fact", "about", "meaning"))]
    for fact in matrix().facts.values():
        lines.append(_row((f"`{fact.name}`", ", ".join(fact.about) or fact.kind, fact.meaning)))
    return "\n".join(lines) + "\n"


def _table(columns: Iterable[str]) -> list[str]:
    heads = list(columns)
    return [_row(heads), "|" + "---|" * len(heads)]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _validity(rule: Rule[Any]) -> str:
    if rule.valid_from is None and rule.valid_to is None:
        return "throughout"
    return f"{_day(rule.valid_from)} to {_day(rule.valid_to)}".strip()


def _day(day: date | None) -> str:
    return f"{day:%d %b %Y}" if day else "…"


def _spoken(value: object) -> str:
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        if minutes < 60:
            return f"{minutes} minutes"
        return f"{minutes / 60:g} hours" if minutes < 72 * 60 else f"{value.days} days"
    if isinstance(value, tuple | list | frozenset):
        parts = [_spoken(one) for one in value]
        return ", ".join(sorted(parts) if isinstance(value, frozenset) else parts)
    return str(value)
