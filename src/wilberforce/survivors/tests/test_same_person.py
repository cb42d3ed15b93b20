"""Is somebody known already? Alike is found, unlike is not, the asker learns nothing, and the two managers are told."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from wilberforce.base.errors import NotAllowed
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.survivors import actions, jobs, sameness
from wilberforce.survivors.rules import SAME_PERSON_RULE

MARIAM = {"given_names": "Mariam", "family_name": "Tesfay", "date_of_birth": "1996-03-14", "contact": ""}


def alike(first: dict[str, str], second: dict[str, str]) -> bool:
    """As the database judges it: one number of theirs, or two names with the year and one with the day."""
    kinds = {kind for kind, key in sameness.keys_of(first) if (kind, key) in sameness.keys_of(second)}
    return sameness.STRONG in kinds or {sameness.PAIR, sameness.BORN} <= kinds


@pytest.mark.parametrize(
    "said",
    [
        {"given_names": "Maryam", "family_name": "Tesfai"},
        {"given_names": "Tesfay", "family_name": "Mariam"},
        {"given_names": "Mariám", "family_name": "TESFAY"},
        {"given_names": "Mariam Selam", "family_name": "al Tesfay"},
        {"given_names": "Somebody", "family_name": "Else", "also_known_as": "Mariam Tesfay"},
    ],
    ids=["spelt otherwise", "in another order", "with accents", "with more names", "known by it"],
)
def test_a_name_written_otherwise_is_alike(said: dict[str, str]) -> None:
    assert alike(MARIAM, MARIAM | said)


@pytest.mark.parametrize(
    "said",
    [
        {"given_names": "Selam"},
        {"date_of_birth": "1997-03-14"},
        {"date_of_birth": ""},
        {"date_of_birth": "1996-01-01"},
        {"given_names": "", "family_name": ""},
    ],
    ids=["one name alone", "another year", "no birth", "a birth that nobody knew", "no name"],
)
def test_what_many_people_share_is_not_enough(said: dict[str, str]) -> None:
    assert not alike(MARIAM, MARIAM | said)


def test_a_number_of_their_own_is_enough() -> None:
    assert alike({"contact": "07700 900123"}, {"contact": "+44 7700 900123", "given_names": "Nobody"})
    assert alike({"national_insurance": "QQ123456C"}, {"national_insurance": "qq 12 34 56 c"})
    assert not alike({"contact": "999"}, {"contact": "999"})


@pytest.fixture
def known(register: Callable[..., Any], at: Any, cast: Any) -> Callable[..., UUID]:
    """Somebody at the centre with a name, or somebody whom a council's first responder wrote down."""

    def recorded(part: str, purpose: str, **said: str) -> UUID:
        person = register()
        with at("reception_manager", "reception") as actor:
            actions.assign(actor, person.pk, cast[part].pk)
        if part == "first_responder_city":
            _agreed(at, person.pk, part)
        with at(part, purpose) as actor:
            actions.record_identity(actor, person.pk, **{**MARIAM, **said})
        return UUID(str(person.pk))

    return recorded


def _agreed(at: Any, person: UUID, part: str) -> None:
    by: dict[str, Any] = {"language": "ti", "interpreter": True}
    with at(part, "nrm") as actor:
        actions.tell(actor, person, step="who-decides", **by)
        actions.answer(
            actor, person, data_class="identity", recipient="home_office_ca", purpose="nrm", answer="given",
            legal_basis="consent", **by,
        )  # fmt: skip


def asked(at: Any, person: UUID) -> int:
    with at("reception_worker", "support") as actor:
        number = sameness.look_for_same(actor, person)
    return jobs.look.func(asked=str(number))


def due() -> set[tuple[str, UUID]]:
    return set(Deadline.objects.filter(OPEN, rule=SAME_PERSON_RULE).values_list("role", "agency_id"))


def test_the_managers_of_both_agencies_are_told(known: Any, at: Any, cast: Any) -> None:
    here = known("reception_worker", "support")
    known("first_responder_city", "nrm", given_names="Maryam")
    assert asked(at, here) == 2
    with at("reception_manager", "support"):
        charity, city = cast["reception_manager"].agency_id, cast["first_responder_city"].agency_id
        assert due() >= {("reception_manager", charity)}
        assert [other for _, _, other in sameness.told()] == [city]
    with at("safeguarding_lead", "support"):
        assert due() >= {("safeguarding_lead", city)}
        assert [other for _, _, other in sameness.told()] == [charity]
    with at("reception_worker", "support"):
        assert sameness.told() == []


def test_a_likeness_is_told_once(known: Any, at: Any) -> None:
    here = known("reception_worker", "support")
    known("first_responder_city", "nrm")
    assert [asked(at, here), asked(at, here)] == [2, 0]


def test_two_agencies_that_write_of_one_record_are_no_likeness(known: Any, at: Any, cast: Any) -> None:
    here = known("reception_worker", "support")
    with at("reception_manager", "reception") as actor:
        actions.assign(actor, here, cast["first_responder_city"].pk)
    _agreed(at, here, "first_responder_city")
    with at("first_responder_city", "nrm") as actor:
        actions.record_identity(actor, here, **MARIAM)
    assert asked(at, here) == 0


def test_a_correction_counts_at_the_next_asking(known: Any, at: Any) -> None:
    here = known("reception_worker", "support", given_names="Somebody", family_name="Else")
    known("first_responder_city", "nrm")
    assert asked(at, here) == 0
    with at("reception_worker", "support") as actor:
        actions.correct_identity(actor, here, version=1, given_names="Mariam", family_name="Tesfay")
    assert asked(at, here) == 2


def test_only_whoever_holds_their_name_asks(known: Any, at: Any) -> None:
    here = known("reception_worker", "support")
    with pytest.raises(NotAllowed), at("housing_officer", "support") as actor:
        sameness.look_for_same(actor, here)


def test_asking_is_kept_as_a_combination(known: Any, at: Any) -> None:
    here = known("reception_worker", "support")
    with at("reception_worker", "support") as actor:
        sameness.look_for_same(actor, here)
        assert ("combination", (here,)) in [(note.op, note.objects) for note in actor.notes]


@pytest.mark.parametrize("table", ["survivors_same_key", "survivors_same_asked", "survivors_same_found"])
@pytest.mark.django_db
def test_the_application_reads_no_key_and_no_likeness(table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")


def test_the_asker_gets_the_same_bytes_whether_or_not_another_agency_knows_them(
    known: Any, signed_in: Any, statements: Any
) -> None:
    """Two worlds: in one a council wrote down the same person, in the other somebody else."""
    heard, likenesses = [], []
    for other in ("Mariam", "Selamawit"):
        here = known("reception_worker", "support", family_name=f"Tesfay{other}")
        known("first_responder_city", "nrm", given_names=other, family_name="TesfayMariam")
        said, alike_found = _hears(signed_in("reception_worker"), here, statements)
        heard.append(said)
        likenesses.append(alike_found)
    assert heard[0] == heard[1]
    assert likenesses == [2, 0]


BY_CHANCE = re.compile(r'P-\w+|name="(csrfmiddlewaretoken|once)" value="[^"]*"|nonce="[^"]*"|\d\d(:\d\d)+')


def _hears(client: Any, person: UUID, statements: Any) -> tuple[list[Any], int]:
    """The form, the answer, where it leads and, after the look, the person's page; and what each cost."""
    page, found, heard = f"/support/people/{person}/", 0, []
    for method, address in (("get", "same/"), ("post", "same/"), ("get", "same/asked/"), ("get", "")):
        if not address:
            with connection.cursor() as cursor:
                cursor.execute("SELECT args->>'asked' FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")
                found = jobs.look.func(asked=cursor.fetchone()[0])
        with statements() as sent:
            answer = getattr(client, method)(page + address, {"purpose": "support"})
        body = BY_CHANCE.sub("", answer.content.decode().replace(str(person), ""))
        heard.append((answer.status_code, answer.headers.get("Location", "").replace(str(person), ""), body, len(sent)))
    return heard, found


def test_the_managers_page_names_whom_to_speak_to_until_they_have(known: Any, at: Any, signed_in: Any) -> None:
    here = known("reception_worker", "support")
    known("first_responder_city", "nrm")
    asked(at, here)
    manager = signed_in("reception_manager")
    assert "speak to Derby City Council" in manager.get("/support/known/").content.decode()
    assert manager.post("/support/known/", {"purpose": "support"}).status_code == 302
    assert "Nobody to speak about" in manager.get("/support/known/").content.decode()
