"""What goes to somebody without a sign-in: a key heard by voice, paper signed, two people, a pack only they open."""

import json
import re
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pyrage
import pytest
from django.db import ProgrammingError, connection, transaction

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import random_id
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.sharing import actions, jobs, outside, policy, withdrawals
from wilberforce.sharing.models import Disclosure, Outsider, Pack
from wilberforce.sharing.rules import packs
from wilberforce.survivors import actions as survivors

from .conftest import today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_secrets")]
SIGNED = pytest.mark.django_db(transaction=True)
FIELDS = ("access_needs", "languages")
KIND = policy.Kind("person_ref", "housing_need")


@pytest.fixture
def key() -> Any:
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def solicitor(at: Any, key: Any) -> Outsider:
    with at("guardian_redcross", "oversight") as actor:
        return outside.introduce(
            actor, code="solicitor", name="Lark and Sons", reached="01632 960 100", public_key=str(key.to_public())
        )


def introduced(at: Any, solicitor: Outsider) -> Any:
    with at("guardian_redcross", "oversight") as actor:
        outside.heard(actor, solicitor.pk, number_from="published")
        return actions.propose_agreement(
            actor, to_agency=solicitor.pk, data_class="person_ref", purpose="support", fields=["housing_need"],
            basis="UK GDPR art.6(1)(a)", dpia_ref="DPIA-9", starts=today(),
        )  # fmt: skip


@pytest.fixture
def ready(at: Any, solicitor: Outsider) -> Outsider:
    agreement = introduced(at, solicitor)
    with at("guardian_redcross", "oversight") as actor:
        actions.sign_agreement(actor, agreement.pk)
        outside.signed_on_paper(actor, agreement.pk, office="Managing partner", on=today())
        return Outsider.objects.get(pk=solicitor.pk)


@pytest.fixture
def said_yes(at: Any, person: UUID) -> dict[str, Any]:
    matter: dict[str, Any] = {"data_class": "person_ref", "recipient": "solicitor", "purpose": "support"}
    with at("reception_manager", "reception") as actor:
        survivors.answer(
            actor, person, answer="given", legal_basis="consent", language="ro", interpreter=True, **matter
        )
    return matter


def begun(at: Any, person: UUID, to: Outsider, **terms: Any) -> Disclosure:
    given: dict[str, Any] = {
        "kind": KIND,
        "fields": FIELDS,
        "basis": "consent",
        "until": clock.now() + timedelta(days=30),
    }
    with at("reception_manager", "support") as actor:
        return outside.begin(actor, person, to=to, **(given | terms))


def approved(at: Any, one: Disclosure) -> str:
    with at("guardian_redcross", "oversight") as actor:
        seen = outside.preview(actor, one)
        actions.approve(actor, one.pk)
    return seen


def taken(at: Any, one: Disclosure) -> bytes:
    with at("reception_manager", "support") as actor:
        return outside.sealed_pack(actor, one.pk)


@SIGNED
def test_only_the_recipient_opens_it_and_checks_the_receipt_that_is_inside(
    at: Any,
    person: UUID,
    ready: Outsider,
    said_yes: Any,
    key: Any,
    signed: Any,
    checked: Any,
) -> None:
    one = begun(at, person, ready)
    with pytest.raises(NotAllowed):
        taken(at, one)
    seen = approved(at, one)
    with pytest.raises(RuleBroken, match="not under a checkpoint yet"):
        taken(at, one)
    words = signed()
    sealed = taken(at, one)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [pyrage.x25519.Identity.generate()])
    opened = pyrage.decrypt(sealed, [key]).decode()
    pack = json.loads(opened)
    assert pack["payload"] == seen, "the second person saw exactly these bytes"
    assert [sorted(record) for record in json.loads(seen)["records"]] == [sorted(FIELDS)]
    assert pack["receipt"]["terms"]["payload"] == sha256(seen.encode()).hexdigest()
    code, told = checked(json.dumps(pack["receipt"]), words)
    assert code == 0, told
    assert "British Red Cross let Lark and Sons read: person_ref, access_needs, languages." in told
    code, told = checked(opened, words)
    assert code == 0, told
    code, told = checked(json.dumps(pack | {"payload": seen.replace("30", "31").replace("ro", "pl")}), words)
    assert (code, told.split(":")[0]) == (1, "NOT WHOLE")


def test_nothing_goes_before_the_key_was_heard_and_both_have_signed(
    at: Any, person: UUID, solicitor: Outsider, said_yes: Any
) -> None:
    with at("guardian_redcross", "oversight") as actor, pytest.raises(RuleBroken, match="agency that acts"):
        actions.propose_agreement(
            actor, to_agency=solicitor.pk, data_class="person_ref", purpose="support", fields=["all"],
            basis="UK GDPR art.6", dpia_ref="DPIA-9", starts=today(),
        )  # fmt: skip
    agreement = introduced(at, solicitor)
    with at("guardian_redcross", "oversight"):
        solicitor.refresh_from_db()
    with pytest.raises(RuleBroken, match="no live agreement"):
        begun(at, person, solicitor)
    with at("guardian_redcross", "oversight") as actor:
        actions.sign_agreement(actor, agreement.pk)
    with pytest.raises(RuleBroken, match="no live agreement"):
        begun(at, person, solicitor)
    with at("guardian_city", "oversight") as actor, pytest.raises(NotAllowed):
        outside.heard(actor, solicitor.pk, number_from="published")


def test_a_yes_to_a_solicitor_is_none_to_another_kind_and_no_yes_is_none(
    at: Any, person: UUID, ready: Outsider
) -> None:
    with pytest.raises(RuleBroken, match="not said yes"):
        begun(at, person, ready)
    with pytest.raises(RuleBroken, match="not recorded for this recipient"):
        begun(at, person, ready, basis="adult-safeguarding")


def test_a_fingerprint_is_the_one_that_they_can_make_themselves(ready: Outsider) -> None:
    made = packs.fingerprint(ready.public_key)
    assert made.replace(" ", "") == sha256(ready.public_key.encode()).hexdigest()[:32]
    assert [len(part) for part in made.split()] == [4] * 8


def test_the_bytes_may_go_away_and_never_change(at: Any, person: UUID, ready: Outsider, said_yes: Any) -> None:
    one = begun(at, person, ready)
    with (
        at("reception_manager", "support"),
        pytest.raises(ProgrammingError, match="never changed"),
        transaction.atomic(),
    ):
        Pack.objects.filter(disclosure_id=one.pk).update(payload=b"other")
    for part, purpose in (("reception_worker", "support"), ("guardian_city", "oversight")):
        with at(part, purpose):
            assert not Pack.objects.filter(disclosure_id=one.pk).exists()


@pytest.mark.parametrize("later", [{"over_at": timedelta(days=400)}, {"made_at": timedelta(days=400)}])
def test_no_pack_waits_longer_than_its_time_whoever_writes_its_row(at: Any, later: dict[str, timedelta]) -> None:
    now = {"made_at": clock.now(), "over_at": clock.now() + timedelta(days=14)}
    given = {"disclosure_id": random_id(), "payload": b"words"} | now | {n: clock.now() + d for n, d in later.items()}
    with at("reception_manager", "support") as actor, pytest.raises(ProgrammingError, match="row-level security"):
        Pack.objects.create(agency_id=actor.home, made_by=actor.me, **given)


def test_nothing_is_packed_but_what_the_agreement_is_about(
    at: Any, person: UUID, ready: Outsider, said_yes: Any
) -> None:
    packed = "SELECT sharing_to_pack(%s, %s, 'survivors_person', 'housing_need', 'consent', %s)"
    with at("reception_manager", "support"), connection.cursor() as cursor:
        for columns, rows in ((["languages", "access_needs"], 1), (["languages", "needs"], 0), (["age"], 0)):
            cursor.execute(packed, [person, ready.pk, columns])
            assert len(cursor.fetchall()) == rows


def test_what_may_be_packed_is_what_the_recipient_would_read() -> None:
    """The database knows no projections, so its list is compared with ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'sharing_to_pack'")
        (source,) = cursor.fetchone() or ("",)
    listed = {(table, name): columns.split(",") for table, name, columns in MAY_BE_PACKED.findall(source)}
    kinds = {tuple(code.split("/")) for code in policy.WORDS if not code.endswith(("/", "/request_letter"))}
    ours = {
        (table.table, projection): policy.shown_of(table, projection)
        for data_class, projection in kinds
        for table in policy.Kind(data_class, projection).tables
        if table.table.startswith("survivors_")
    }
    assert listed == ours


MAY_BE_PACKED = re.compile(r"\('(\w+)', '(\w+)',\s+'\{([\w,]+)\}'")


@SIGNED
def test_a_yes_taken_back_empties_the_pack_and_the_guardian_tells_the_holder(
    at: Any,
    person: UUID,
    ready: Outsider,
    said_yes: Any,
    signed: Any,
    signed_in: Any,
) -> None:
    one = begun(at, person, ready)
    approved(at, one)
    signed()
    taken(at, one)
    with at("reception_manager", "reception") as actor:
        survivors.withdraw(actor, person, **said_yes)
    with pytest.raises((RuleBroken, NotAllowed)):
        taken(at, one)
    guardian, address = signed_in("guardian_redcross"), f"/oversight/disclosures/{one.pk}/"
    assert "can't be undone" in guardian.get(f"{address}pack/").content.decode()
    guardian.post(f"{address}told/", {"purpose": "oversight"})
    guardian.post(f"{address}pack/", {"purpose": "oversight", "gone": "deleted"})
    with at("guardian_redcross", "oversight"):
        pack = Pack.objects.get(disclosure_id=one.pk)
        assert (pack.gone, bytes(pack.payload)) == ("deleted", b"")
        assert not Deadline.objects.filter(OPEN, subject_id=one.pk, rule=withdrawals.RULE).exists()


def test_one_called_back_before_it_was_taken_can_t_go_and_nobody_is_told(
    at: Any, person: UUID, ready: Outsider, said_yes: Any
) -> None:
    one = begun(at, person, ready)
    with at("reception_manager", "support") as actor:
        outside.recall(actor, one.pk)
        assert bytes(Pack.objects.get(disclosure_id=one.pk).payload) == b""
    with at("guardian_redcross", "oversight") as actor:
        with pytest.raises(RuleBroken, match="called back"):
            actions.approve(actor, one.pk)
        with pytest.raises(NotAllowed):
            outside.holder_told(actor, one.pk)


def bytes_kept(at: Any, one: Disclosure) -> bytes:
    with at("reception_manager", "support"):
        return bytes(Pack.objects.get(disclosure_id=one.pk).payload)


def pack_is_due(at: Any, one: Disclosure) -> list[Any]:
    with at("reception_manager", "support"):
        return [due.due_at for due in Deadline.objects.filter(OPEN, subject_id=one.pk, rule=packs.RULE)]


@pytest.mark.parametrize(("until", "kept"), [(30, 15), (9, 9)])
def test_whoever_made_a_pack_is_told_until_when_it_is_kept(
    at: Any, person: UUID, ready: Outsider, said_yes: Any, until: int, kept: int
) -> None:
    one = begun(at, person, ready, until=clock.now() + timedelta(days=until))
    (due,) = pack_is_due(at, one)
    assert timedelta(days=kept - 1) <= due - clock.now() <= timedelta(days=kept)
    assert jobs.drop_packs() == 0
    assert bytes_kept(at, one)


@pytest.fixture
def over(at: Any, person: UUID, ready: Outsider, said_yes: Any, monkeypatch: Any) -> Disclosure:
    with monkeypatch.context() as patched:
        patched.setattr(packs, "kept_until", lambda *_: clock.now() - timedelta(minutes=1))
        return begun(at, person, ready)


def test_a_pack_that_nobody_handed_over_is_destroyed_and_nothing_is_due(at: Any, over: Disclosure) -> None:
    assert bytes_kept(at, over)
    assert jobs.drop_packs() == 1
    assert bytes_kept(at, over) == b""
    assert pack_is_due(at, over) == []
    with at("guardian_redcross", "oversight") as actor, pytest.raises(RuleBroken, match="This pack is over"):
        outside.preview(actor, over)
    assert jobs.drop_packs() == 0


def test_nobody_but_the_machine_destroys_packs(at: Any, over: Disclosure) -> None:
    for part in ("reception_manager", "health_worker"):
        with at(part, "support"), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sharing_drop_packs()")
            assert cursor.fetchone() == (0,)
    assert bytes_kept(at, over)


def refused(at: Any, one: Disclosure) -> None:
    with at("guardian_redcross", "oversight") as actor:
        actions.refuse(actor, one.pk, reason="person")


def called_back(at: Any, one: Disclosure) -> None:
    with at("reception_manager", "support") as actor:
        outside.recall(actor, one.pk)


@pytest.mark.parametrize("ends", [refused, called_back])
def test_what_does_not_go_any_more_is_no_longer_due(
    at: Any, person: UUID, ready: Outsider, said_yes: Any, ends: Any
) -> None:
    one = begun(at, person, ready)
    assert pack_is_due(at, one)
    ends(at, one)
    assert pack_is_due(at, one) == []


def test_a_key_that_is_no_longer_used_gets_nothing_more(
    at: Any,
    person: UUID,
    ready: Outsider,
    said_yes: Any,
) -> None:
    one = begun(at, person, ready)
    approved(at, one)
    with at("guardian_redcross", "oversight") as actor:
        outside.give_up(actor, ready.pk)
    with pytest.raises(RuleBroken, match="no longer used"):
        taken(at, one)


@SIGNED
def test_it_is_all_done_on_pages(
    at: Any, person: UUID, ready: Outsider, said_yes: Any, signed_in: Any, key: Any, signed: Any
) -> None:
    sender, guardian = signed_in("reception_manager"), signed_in("guardian_redcross")
    day = clock.in_london(clock.now() + timedelta(days=10))
    until = {"until_0": day.day, "until_1": day.month, "until_2": day.year, "until_3": "12:00"}
    form = {"purpose": "support", "what": f"{ready.pk}/{KIND.code}", "fields_sent": FIELDS, "basis": "consent"}
    answer = sender.post(f"/support/people/{person}/outside/", form | until)
    assert answer.status_code == 302, answer.content.decode()
    pack = answer["Location"]
    assert "waits for your guardian" in sender.get(pack).content.decode()
    with at("reception_manager", "support"):
        one = Disclosure.objects.get(to_agency_id=ready.pk)
    shown = guardian.get(f"/oversight/waiting/{one.pk}/").content.decode()
    assert one.payload_digest in shown
    assert "access_needs" in shown
    guardian.post(f"/oversight/waiting/{one.pk}/", {"purpose": "oversight"})
    signed()
    assert "Download the sealed pack" in sender.get(pack).content.decode()
    sealed = sender.get(f"{pack[:-1]}.age").content
    assert json.loads(pyrage.decrypt(sealed, [key]))["kind"] == outside.KIND
    assert sender.post(pack.replace("/pack/", "/handed/"), {"purpose": "support"}).status_code == 302
    assert b"readable bytes are gone here" in sender.get(pack).content
    with at("reception_manager", "support"):
        assert bytes(Pack.objects.get(disclosure_id=one.pk).payload) == b""
    with pytest.raises(RuleBroken, match="over"):
        taken(at, one)
    for address in ("outside/", "outside/new/", f"outside/{ready.pk}/", f"outside/{ready.pk}/agreement/"):
        assert guardian.get(f"/oversight/{address}").status_code == 200
    assert signed_in("guardian_city").get(f"/oversight/outside/{ready.pk}/").status_code == 404


def agreed_for(at: Any, person: UUID, solicitor: Outsider, purpose: str) -> None:
    with at("guardian_redcross", "oversight") as actor:
        outside.heard(actor, solicitor.pk, number_from="published")
        terms = actions.propose_agreement(
            actor, to_agency=solicitor.pk, data_class="person_ref", purpose=purpose, fields=["housing_need"],
            basis="UK GDPR art.6(1)(a)", dpia_ref="DPIA-9", starts=today(),
        )  # fmt: skip
        actions.sign_agreement(actor, terms.pk)
        outside.signed_on_paper(actor, terms.pk, office="Managing partner", on=today())
        solicitor.refresh_from_db()
    matter: dict[str, Any] = {"data_class": "person_ref", "recipient": "solicitor", "purpose": purpose}
    with at("reception_manager", "reception") as actor:
        survivors.answer(
            actor, person, answer="given", legal_basis="consent", language="ro", interpreter=True, **matter
        )


@pytest.mark.parametrize("purpose", ["nrm", "criminal_investigation"])
def test_a_pack_is_made_where_it_is_needed_and_only_by_whoever_works_with_the_person(
    at: Any, person: UUID, solicitor: Outsider, signed_in: Any, purpose: str
) -> None:
    agreed_for(at, person, solicitor, purpose)
    workspace = f"/{purpose.replace('_', '-')}"
    manager = signed_in("reception_manager")
    assert f"{workspace}/people/{person}/outside/" in manager.get(f"/support/people/{person}/").content.decode()
    to = f"{workspace}/people/{person}/outside/"
    page = manager.get(to).content.decode()
    until = clock.in_london(clock.now() + timedelta(days=20))
    sent = {
        "purpose": purpose, "version": "", "once": str(random_id()), "basis": "consent",
        "what": f"{solicitor.pk}/person_ref/housing_need", "fields_sent": ["languages"], "until_0": str(until.day),
        "until_1": str(until.month), "until_2": str(until.year), "until_3": "12:00",
    }  # fmt: skip
    assert "Lark and Sons" in page
    made = manager.post(to, sent)
    assert made.status_code == 302, made.content.decode()
    shown = manager.get(made.headers["Location"]).content.decode()
    assert "Romanian" in shown
    one = made.headers["Location"].split("/")[-3]
    assert manager.get(f"/support/disclosures/{one}/pack/").headers["Location"] == made.headers["Location"]
    with connection.cursor() as cursor:
        for part, away in (("first_responder_city", "nrm"), ("reception_worker", "support"), ("investigator", PURPOSE)):
            with at(part, away):
                cursor.execute(TO_PACK, [person, solicitor.pk])
                assert cursor.fetchall() == []


PURPOSE = "criminal_investigation"
TO_PACK = "SELECT sharing_to_pack(%s, %s, 'survivors_person', 'housing_need', 'consent', '{languages}')"
