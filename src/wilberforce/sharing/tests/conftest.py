"""Agreements that two guardians sign, and a person at the centre about whom something may be disclosed."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tools import verify_ledger
from wilberforce.agencies import shifts
from wilberforce.base import clock
from wilberforce.ledger import checkpoint, notes, sequencer
from wilberforce.ledger.notes import Note, Signer
from wilberforce.ledger.tests.test_sequencer import run_all
from wilberforce.reception import actions as reception
from wilberforce.sharing import actions, policy
from wilberforce.sharing.models import Agreement
from wilberforce.survivors import actions as survivors

HOUR = timedelta(hours=1)
NEED = policy.Kind("person_ref", "housing_need").fields


def today() -> date:
    return clock.in_london(clock.now()).date()


@pytest.fixture
def agree(at: Any, cast: Any) -> Callable[..., Agreement]:
    """Both sides sign, unless it is said who does."""

    def agreed(giver: str, receiver: str, signed_by: tuple[str, ...] | None = None, **terms: Any) -> Agreement:
        given: dict[str, Any] = {
            "to_agency": cast[receiver].agency_id, "data_class": "operation", "purpose": "op_planning",
            "fields": ["brief"], "basis": "Crime and Disorder Act 1998 s.115", "dpia_ref": "DPIA-1", "starts": today(),
        }  # fmt: skip
        with at(giver, "oversight") as actor:
            agreement = actions.propose_agreement(actor, **(given | terms))
        for part in signed_by if signed_by is not None else (giver, receiver):
            with at(part, "oversight") as actor:
                actions.sign_agreement(actor, agreement.pk)
        return agreement

    return agreed


@pytest.fixture
def person(at: Any, cast: Any) -> UUID:
    """At the Red Cross's centre, with a law that lets the council of the place be told."""
    now, city = clock.now(), cast["housing_officer"].agency_id
    with at("reception_manager", "reception") as actor:
        centre = reception.open_centre(actor, name="Kingfisher", capacity=20).pk
        shift = reception.set_up_shift(actor, centre, cast["reception_manager"].pk, now - HOUR, now + 7 * HOUR)
        reception.sign_in_to_shift(actor, shift.pk)
    with at("reception_manager", "reception") as actor:
        met = reception.arrive(actor, centre, age="adult", languages=["ro"])
        reception.rest_recorded(actor, met.pk)
        reception.information_given(actor, met.pk, language="ro")
        for part in ("housing_officer", "safeguarding_lead"):
            survivors.assign(actor, met.pk, cast[part].pk)
        survivors.record_legal_basis(
            actor, met.pk, basis="adult-safeguarding", data_classes=["person_ref", "identity"], recipient=city,
            person_agrees="yes", told=True,
        )  # fmt: skip
    with at("emergency_duty", "support") as actor:
        shifts.sign_in(actor, city)
    return met.pk


def version_on(page: str) -> str:
    """What the page was made with: a yes goes to exactly that."""
    found = re.search(r'name="version" value="([^"]*)"', page)
    assert found
    return found[1]


@pytest.fixture
def housing(agree: Callable[..., Agreement]) -> Agreement:
    terms = {"data_class": "person_ref", "purpose": "support", "fields": ["housing_need"]}
    return agree("guardian_redcross", "guardian_city", **terms)


@pytest.fixture
def own_secrets(settings: Any, tmp_path: Any) -> None:
    settings.SECRETS = tmp_path / "secrets"


@pytest.fixture
def signed(tmp_path: Any) -> Callable[[], list[str]]:
    """The minute's work: sequenced, signed and cosigned by two; returns the words that the verifier needs."""
    witnesses = [Signer.make(tmp_path / name, f"{name}.example.org", notes.COSIGNER) for name in ("one", "two")]

    def goes_round() -> list[str]:
        now = datetime.now(UTC)
        with sequencer.connect() as at:
            run_all(at)
            note = checkpoint.sign(at, checkpoint.signer(), now)
            assert note is not None
            for signer in witnesses:
                body = Note(note.origin, note.size, note.root).body
                at.execute(
                    "INSERT INTO ledger_cosignature (id, size, witness, at, line) VALUES"
                    " (gen_random_uuid(), %s, %s, %s, %s)",
                    [note.size, signer.name, now, signer.line(body, now)],
                )
        words = ["--log", str(checkpoint.signer().verifier)]
        return words + [word for signer in witnesses for word in ("--witness", str(signer.verifier))]

    return goes_round


@pytest.fixture
def checked(tmp_path: Any, capsys: Any) -> Callable[[str, list[str]], tuple[int, str]]:
    def check(text: str, words: list[str]) -> tuple[int, str]:
        (tmp_path / "receipt.json").write_text(text, encoding="utf-8")
        code = verify_ledger.main(["--receipt", str(tmp_path / "receipt.json"), *words])
        return code, capsys.readouterr().out

    return check
