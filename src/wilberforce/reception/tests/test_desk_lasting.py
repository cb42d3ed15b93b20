"""What lasts: a projection that was damaged and rebuilt, a tablet's file, an older backup, an erasure."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import Q

from wilberforce.base import clock
from wilberforce.ledger.sequencer import connect
from wilberforce.reception import policy
from wilberforce.reception.desk import boxes, sync
from wilberforce.reception.desk.imitated import Desk
from wilberforce.reception.models import Envelope
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import PEOPLE

from .tablet import desk_of

pytestmark = pytest.mark.django_db(transaction=True)
PROJECTED = {
    "reception_standing": "person_id, field, events, clash",
    "reception_presence": 'person_id, reference, since, "where", moved_at',
    "reception_movement": 'id, person_id, move, "to", at, by',
    "reception_given": "id, person_id, thing, quantity, detail, at, by",
    "reception_stockchange": "id, thing, change, at, by",
    "survivors_person": "id, reference, age, languages, needs",
}
DAMAGE = """
RESET ROLE;
GRANT DELETE ON reception_movement, reception_stockchange TO wb_search;
SET ROLE wb_search;
DELETE FROM reception_movement;
DELETE FROM reception_stockchange;
UPDATE reception_presence SET "where" = 'health', moved_at = since
WHERE person_id IN (SELECT person_id FROM reception_standing WHERE field = 'where');
DELETE FROM reception_standing WHERE field = 'age';
UPDATE reception_standing SET clash = false, events = events[1:1];
UPDATE survivors_person SET age = 'adult', languages = '{}', needs = '{}';
"""


@pytest.fixture
def desk(centre: Any, at: Any) -> Desk:
    return desk_of(at, centre.centre_id)


def as_search(sql: str) -> list[Any]:
    """As the role that projects, which passes row policies."""
    with connect("owner") as at:
        at.execute("SET ROLE wb_search")
        found = at.execute(sql.encode())
        return [tuple(row.values()) for row in found.fetchall()] if found.description else []


def state() -> dict[str, list[Any]]:
    return {table: as_search(f"SELECT {columns} FROM {table} ORDER BY 1, 2") for table, columns in PROJECTED.items()}


def test_a_damaged_projection_is_the_same_again_after_a_rebuild(desk, centre, capsys):
    first, second = desk.meets("P-AAAAAA", "child"), desk.meets("P-BBBBBB", "adult", ("ro", "vi"))
    desk.writes("moved", {"to": "rest"}, entity=first)
    desk.writes("gave", {"thing": "meal", "quantity": 2}, entity=second)
    desk.writes("corrected", {"field": "need:mobility", "value": "yes"}, entity=second)
    desk.sends()
    with centre.by() as actor:
        survivors.correct_person(actor, first, {"age": "not sure"}, version=PEOPLE.one(actor, first)["version"])
    desk.writes("corrected", {"field": "age", "value": "adult"}, entity=first)
    desk.sends()
    before = state()
    as_search(DAMAGE)
    assert state() != before
    call_command("reception", "rebuild")
    assert state() == before
    assert "1 centres rebuilt" in capsys.readouterr().out
    call_command("reception", "rebuild")
    assert "; 0 rows differed" in capsys.readouterr().out


def saved_by(desk: Desk, folder: Any) -> Any:
    text = boxes.text64
    rows = [
        {
            "id": str(row.id), "device": str(row.tablet), "dseq": row.dseq, "prev": text(row.prev), "kid": row.kid,
            "box": text(row.box), "sig": text(row.sig),
        }
        for row in desk.outbox
    ]  # fmt: skip
    file = folder / "outbox.json"
    file.write_text(json.dumps({"v": 1, "tablet": str(desk.kept.pk), "rows": rows}))
    return file


def test_the_file_of_a_tablet_that_never_came_back_is_taken_in_once(desk, centre, tmp_path, capsys):
    desk.meets("P-AAAAAA")
    desk.writes("gave", {"thing": "meal", "quantity": 1}, ref="P-ZZZZZZ")
    file = saved_by(desk, tmp_path)
    call_command("reception", "import", str(file))
    assert "1 accepted, 1 parked" in capsys.readouterr().out
    call_command("reception", "import", str(file))
    assert "2 duplicate" in capsys.readouterr().out
    with centre.by() as actor:
        assert [stay["reference"] for stay in policy.PRESENCES.many(actor)] == ["P-AAAAAA"]
    assert Envelope.objects.count() == 2


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"tablet": "x", "rows": []}', '{"tablet": 1, "rows": [{}]}'])
def test_another_file_is_refused_with_a_sentence(desk, tmp_path, said):
    (tmp_path / "other.json").write_text(said.replace("1,", f'"{desk.kept.pk}",'))
    with pytest.raises(CommandError, match="not the file of a tablet"):
        call_command("reception", "import", str(tmp_path / "other.json"))


@pytest.mark.parametrize(("name", "says"), [("nowhere.json", "no such file"), ("", "This is a folder")])
def test_a_file_that_is_not_there_is_answered_with_what_to_do(tmp_path, name, says):
    with pytest.raises(CommandError, match=says):
        call_command("reception", "import", str(tmp_path / name))


def test_after_a_restore_tablets_are_told_of_a_new_epoch(desk):
    before = sync.current_epoch()
    call_command("reception", "epoch")
    assert sync.current_epoch() != before


def test_a_tablet_keeps_what_no_backup_holds_yet(desk, settings, tmp_path):
    settings.STATE = tmp_path
    for reference in ("P-AAAAAA", "P-BBBBBB", "P-CCCCCC"):
        desk.meets(reference)
    desk.sends([desk.outbox[0], desk.outbox[2]])
    assert sync.durable_upto(desk.kept) == 0

    def backed_up(after: timedelta) -> int:
        (tmp_path / "last_backup.json").write_text(json.dumps({"made": (clock.now() + after).isoformat()}))
        return sync.durable_upto(desk.kept)

    assert backed_up(timedelta()) == 0
    assert backed_up(timedelta(hours=1)) == 3
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        desk.sends([desk.outbox[1]])
        assert backed_up(timedelta(minutes=5)) == 1
        assert backed_up(timedelta(minutes=15)) == 3


def test_what_is_erased_takes_its_event_and_its_box_with_it(desk, centre):
    person = desk.meets("P-AAAAAA")
    desk.writes("noted", {"text": "Asked for a charger"}, entity=person)
    desk.sends()
    assert all(bytes(box) for box in Envelope.objects.values_list("box", flat=True))
    as_search("DELETE FROM reception_given")
    assert as_search("SELECT count(*) FROM reception_careevent") == [(0,)]
    assert sorted(bool(bytes(box)) for box in Envelope.objects.values_list("box", flat=True)) == [False, True]
    call_command("reception", "rebuild")
    with centre.by() as actor:
        assert policy.GIVEN.many(actor, Q(person_id=person), projection="given") == []
