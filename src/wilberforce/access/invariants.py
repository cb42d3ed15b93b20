"""What must hold of any matrix, whoever edits it. Each returns the sentences that say where it does not."""

from collections.abc import Callable, Iterator

from wilberforce.access.ceilings import Cell, people
from wilberforce.access.matrix import Matrix

Cells = tuple[Cell, ...]
Invariant = Callable[[Matrix, Cells], Iterator[str]]

GRAVE = ("S", "1")
OF_THE_PERSON = {"person_ref", "identity", "location", "health", "immigration", "account", "support", "consent"}
BASES = {"consent", "legal_basis", "nrm_consent", "nrm_refused", "agreement"}
NAME_AND_PLACE = {"reception_manager", "reception_worker", "safeguarding_lead", "emergency_duty"}
NOT_THE_CHARITYS = {"source", "intel", "suspect", "account", "immigration", "report_raw"}
QUEUES = ("report_raw.queue", "source.queue")
WITHOUT_A_CONDITION = {"public/reporter W", "platform/system R", "platform/system W"}


def a_grave_read_needs_a_tie(matrix: Matrix, cells: Cells) -> Iterator[str]:
    """The two queues are the exception: they show that somebody waits, so that a report or a source can be claimed."""
    ties = {fact.name for fact in matrix.facts.values() if fact.kind == "subject"}
    for cell in cells:
        tier = matrix.classes[cell.cls].tier
        enough = ties | {"own_agency"} if tier == "1" or cell.at in QUEUES else ties
        if cell.action == "R" and tier in GRAVE and not enough & set(cell.facts):
            yield f"{cell}: nothing ties the reader to the record"


def a_safe_address_stays_with_those_who_place(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for cell in cells:
        if cell.cls != "location":
            continue
        facts = set(cell.facts)
        together = bool({"peer_ok", "second_command"} & facts)
        emergency = together and {"break_glass", "threat_to_life", "step_up"} <= facts
        if cell.kind == "police" and not (emergency and cell.action == "R"):
            yield f"{cell}: police reach a safe address only together with another"
        if cell.kind not in ("redcross", "county", "city", "police") or "step_up" not in facts or cell.action in "DA":
            yield f"{cell}: a safe address is not theirs"


def status_stays_inside_the_referral(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for cell in cells:
        if cell.cls != "immigration" or cell.action == "A":
            continue
        referring = cell.role == "first_responder" and {"assigned", "nrm_consent", "own_agency"} <= set(cell.facts)
        own_copy = cell.role == "data_guardian" and cell.action == "R" and "sar_open" in cell.facts
        if not (referring or own_copy) or not matrix.kinds[cell.kind].nrm:
            yield f"{cell}: status is only for the referral and the person"


def only_designated_bodies_refer(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for cell in cells:
        handing_over = cell.kind == "redcross" and cell.action == "D"
        if cell.purpose == "nrm" and not matrix.kinds[cell.kind].nrm and not handing_over:
            yield f"{cell}: not a First Responder Organisation"


def a_victim_is_not_a_source(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for kind, role in people(matrix):
        reads = {cell.cls for cell in cells if (cell.kind, cell.role, cell.action) == (kind, role, "R")}
        if "source" in reads and reads & OF_THE_PERSON:
            yield f"{kind}/{role} reads both sources and people found"


def few_know_both_name_and_place(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for kind, role in people(matrix):
        reads = {cell.cls for cell in cells if (cell.kind, cell.role, cell.action) == (kind, role, "R")}
        if {"identity", "location"} <= reads and role not in NAME_AND_PLACE:
            yield f"{kind}/{role} can put a name to a safe address"


def crossing_a_regime_is_a_disclosure(matrix: Matrix, cells: Cells) -> Iterator[str]:
    """DPA 2018: what is held for care is not read for law enforcement unless it was disclosed for that."""
    for cell in cells:
        law = matrix.purposes[cell.purpose].regime == "part3"
        facts = set(cell.facts)
        listing = cell.fields == "material_reference" and "own_agency" in facts
        own_interview = cell.cls == "account" and "own_agency" in facts
        known_lawfully = "disclosed" in facts or own_interview or listing
        if law and cell.cls in OF_THE_PERSON and cell.action in "RW" and not known_lawfully:
            yield f"{cell}: care records read for law enforcement without a disclosure"
        if law and matrix.kinds[cell.kind].regime == "part2" and "agreement" not in facts:
            yield f"{cell}: a body outside law enforcement acts for it without an agreement"


def nothing_grave_leaves_without_a_basis(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for cell in cells:
        if cell.action == "D" and not BASES & set(cell.facts):
            yield f"{cell}: leaves without a basis"


def nobody_approves_their_own(matrix: Matrix, cells: Cells) -> Iterator[str]:
    begins = {(cell.kind, cell.role, cell.cls) for cell in cells if cell.action in "WD"}
    for cell in cells:
        if cell.action != "A":
            continue
        if cell.cls != "statistic" and not {"pending", "different_person"} <= set(cell.facts):
            yield f"{cell}: approval needs something pending and another person"
        if (cell.kind, cell.role, cell.cls) in begins and "different_person" not in cell.facts:
            yield f"{cell}: begins and approves the same thing"


def the_charity_holds_no_suspicion(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for cell in cells:
        if cell.kind == "redcross" and cell.cls in NOT_THE_CHARITYS:
            yield f"{cell}: the charity is neutral"


def custody_stands_apart(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for cell in cells:
        officer = cell.role in ("custody_officer", "review_officer")
        if cell.at == "suspect.detention" and not (officer and "independent" in cell.facts):
            yield f"{cell}: detention is for officers outside the case"
        if officer and cell.purpose != "custody":
            yield f"{cell}: custody officers hold people and do nothing else"


def the_writer_knows_only_cleared_facts(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for cell in cells:
        if cell.role == "comms_officer" and cell.at not in ("release.fact_sheet", "release.draft"):
            yield f"{cell}: whoever writes for the public can't open the case"


def the_machine_carries_only_what_is_public(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for cell in cells:
        public = cell.action == "R" and "released" in cell.facts
        digest = cell.role == "system" and (cell.cls == "subscriber" or public)
        if cell.kind == "platform" and not digest and cell.at not in ("audit.verify_status", "audit.failed_job"):
            yield f"{cell}: not the operator's business"


def an_emergency_says_that_it_is_one(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for rule in matrix.rules:
        emergency = "break_glass" in rule.when
        if rule.id.startswith("B") != emergency or (emergency and rule.actions != {"R"}):
            yield f"{rule.id}: emergencies are the B rules, and only read"


def few_things_ask_for_nothing(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for cell in cells:
        if not cell.facts and f"{cell.kind}/{cell.role} {cell.action}" not in WITHOUT_A_CONDITION:
            yield f"{cell}: granted without any condition"


def everything_is_said_and_used(matrix: Matrix, cells: Cells) -> Iterator[str]:
    whys = {entry.id: entry.why for entries in (matrix.rules, matrix.forbids, matrix.dynamic) for entry in entries}
    yield from (f"{identifier} has no why" for identifier, why in whys.items() if not why.strip())
    granting = {cell.rule for cell in cells}
    yield from (f"{rule.id} grants nothing" for rule in matrix.rules if rule.id not in granting)
    using = {(cell.kind, cell.role) for cell in cells}
    yield from (f"{kind}/{role} may do nothing" for kind, role in people(matrix) if (kind, role) not in using)
    used = {fact for rule in matrix.rules for fact in rule.when} | {entry.fact for entry in matrix.dynamic}
    yield from (f"the fact {fact} decides nothing" for fact in matrix.facts if fact not in used)
    yield from (f"{cls} is nobody's" for cls in matrix.classes if cls not in {cell.cls for cell in cells})
    yield from (f"{name} serves nothing" for name in matrix.purposes if name not in {cell.purpose for cell in cells})


def banned_purposes_do_not_exist(matrix: Matrix, cells: Cells) -> Iterator[str]:
    yield from (f"{name} is banned" for name in matrix.banned_purposes if name in matrix.purposes)
    if "immigration_enforcement" not in matrix.banned_purposes:
        yield "immigration enforcement is no longer banned"


def facts_say_what_they_are_about(matrix: Matrix, cells: Cells) -> Iterator[str]:
    for fact in matrix.facts.values():
        if (fact.kind == "subject") != bool(fact.about) or not fact.meaning.strip():
            yield f"{fact.name}: a subject fact names its subjects, others have none, and each has a meaning"


INVARIANTS: tuple[Invariant, ...] = (
    a_grave_read_needs_a_tie,
    a_safe_address_stays_with_those_who_place,
    status_stays_inside_the_referral,
    only_designated_bodies_refer,
    a_victim_is_not_a_source,
    few_know_both_name_and_place,
    crossing_a_regime_is_a_disclosure,
    nothing_grave_leaves_without_a_basis,
    nobody_approves_their_own,
    the_charity_holds_no_suspicion,
    custody_stands_apart,
    the_writer_knows_only_cleared_facts,
    the_machine_carries_only_what_is_public,
    an_emergency_says_that_it_is_one,
    few_things_ask_for_nothing,
    everything_is_said_and_used,
    banned_purposes_do_not_exist,
    facts_say_what_they_are_about,
)


def broken_invariants(matrix: Matrix, cells: Cells) -> list[str]:
    return [sentence for invariant in INVARIANTS for sentence in invariant(matrix, cells)]
