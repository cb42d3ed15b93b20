"""May this question be answered yes? Pure: no request, no database, no clock."""

from dataclasses import dataclass

from wilberforce.access.matrix import ACTIONS, Forbid, Matrix, Rule


@dataclass(frozen=True, slots=True)
class Question:
    kind: str
    role: str
    cls: str
    purpose: str
    action: str
    projection: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    allowed: bool
    rule: str
    """The rule that allowed or the forbid that denied; empty where nothing allows."""
    reason: str


def decide(matrix: Matrix, question: Question, facts: frozenset[str]) -> Decision:
    if unknown := _unknown(matrix, question, facts):
        return Decision(False, "", unknown)
    if forbidden := _forbidden(matrix, question, facts):
        return forbidden
    matching = _matching(matrix, question)
    for rule in matching:
        if facts.issuperset(rule.when):
            return Decision(True, rule.id, rule.why)
    return Decision(False, "", _nearest(matching, facts))


def candidates(matrix: Matrix, question: Question) -> tuple[Rule, ...]:
    """The rules that could allow this once their facts hold; none where a forbid can't be lifted."""
    return () if barred(matrix, question) else _matching(matrix, question)


def barred(matrix: Matrix, question: Question) -> bool:
    """Denied whatever the facts: a word nobody knows, or a forbid that nothing lifts."""
    if _unknown(matrix, question, frozenset()):
        return True
    return any(not forbid.unless for forbid in _forbids(matrix, question))


def facts_needed(matrix: Matrix, question: Question) -> frozenset[str]:
    """Everything that can change the answer, so that it is asked of the database once."""
    rules = candidates(matrix, question)
    if not rules:
        return frozenset()
    allowing = {fact for rule in rules for fact in rule.when}
    lifting = {fact for forbid in _forbids(matrix, question) for group in forbid.unless for fact in group}
    return frozenset(allowing | lifting | set(_stopping(matrix, question)))


def permitted_purposes(matrix: Matrix, kind: str, role: str) -> tuple[str, ...]:
    """The workspaces this role can enter, in the matrix's order."""
    useful = {
        purpose
        for rule in matrix.rules
        if kind in rule.agencies and role in rule.roles and role in matrix.kinds[kind].roles
        for purpose in rule.purposes
    }
    return tuple(purpose for purpose in matrix.purposes if purpose in useful)


def _unknown(matrix: Matrix, question: Question, facts: frozenset[str]) -> str:
    kind = matrix.kinds.get(question.kind)
    if kind is None:
        return f"no such kind of agency: {question.kind}"
    if question.role not in kind.roles:
        return f"{question.kind} has no role {question.role}"
    words = (
        ("class", question.cls, matrix.classes),
        ("purpose", question.purpose, matrix.purposes),
        ("action", question.action, ACTIONS),
        *(("fact", fact, matrix.facts) for fact in sorted(facts.difference(matrix.facts))),
    )
    return next((f"no such {sort}: {word}" for sort, word, known in words if word not in known), "")


def _forbids(matrix: Matrix, question: Question) -> tuple[Forbid, ...]:
    return tuple(
        forbid
        for forbid in matrix.forbids
        if question.cls in forbid.classes
        and (forbid.agencies is None or question.kind in forbid.agencies)
        and (forbid.roles is None or question.role in forbid.roles)
        and (forbid.actions is None or question.action in forbid.actions)
        and (forbid.fields is None or question.projection == forbid.fields)
    )


def _stopping(matrix: Matrix, question: Question) -> dict[str, str]:
    tier = matrix.classes[question.cls].tier
    return {entry.fact: entry.id for entry in matrix.dynamic if entry.tiers is None or tier in entry.tiers}


def _forbidden(matrix: Matrix, question: Question, facts: frozenset[str]) -> Decision | None:
    for forbid in _forbids(matrix, question):
        lifted = bool(forbid.unless) and all(facts.intersection(group) for group in forbid.unless)
        if not lifted:
            return Decision(False, forbid.id, forbid.why)
    for fact, identifier in _stopping(matrix, question).items():
        if fact in facts:
            return Decision(False, identifier, f"{fact}: {matrix.facts[fact].meaning}")
    return None


def _matching(matrix: Matrix, question: Question) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in matrix.rules
        if question.kind in rule.agencies
        and question.role in rule.roles
        and question.cls in rule.classes
        and question.purpose in rule.purposes
        and question.action in rule.actions
        and (rule.fields is None or rule.projection(question.kind) == question.projection)
    )


def _nearest(rules: tuple[Rule, ...], facts: frozenset[str]) -> str:
    if not rules:
        return "no rule allows this"
    closest = min(rules, key=lambda rule: len(set(rule.when) - facts))
    return f"{closest.id} needs " + ", ".join(fact for fact in closest.when if fact not in facts)
