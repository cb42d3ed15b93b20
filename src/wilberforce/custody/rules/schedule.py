"""The schedule of unused material: what is asked of each line."""

from datetime import date

from wilberforce.base.lawrule import Rule

CHECKED = date(2026, 11, 30)
LISTED = Rule(
    "material that may be relevant and is not used is listed, each item by its own number",
    True,
    "Criminal Procedure and Investigations Act 1996 s.23 and its code of practice; s.3 for the test",
    CHECKED,
    note="Listed by reference: a description names nobody.",
)
INSPECTED = (("yes", "Inspected"), ("in part", "Inspected in part"), ("no", "Not yet inspected"))
SENSITIVE = (
    ("no", "Not sensitive"),
    ("yes", "Sensitive: it goes on the separate schedule"),
    ("not sure", "Not sure yet"),
)
WAITS = "waits"
DECISIONS = (
    (WAITS, "Waits for a decision"),
    ("disclose", "It might undermine the prosecution or help the defence: disclose it"),
    ("no", "It does not meet the test"),
    ("court", "Withheld until a court decides"),
)
DECIDED_BY = (("prosecutor", "The prosecutor"), ("officer", "The disclosure officer"), ("court", "A court"))


def faults(decision: str, decided_by: str) -> dict[str, str]:
    if decision != WAITS and not decided_by:
        return {"decided_by": "Say who decided."}
    if decision == WAITS and decided_by:
        return {"decided_by": "Nothing is decided yet. Leave this empty, or choose the decision."}
    return {}
