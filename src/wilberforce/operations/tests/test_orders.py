"""The operation order: one text, each agency its own numbered copy, the sites in the last hours, its readers."""

import re
from datetime import timedelta

import pytest
from django.db.models import Q

from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed
from wilberforce.operations import actions, board, paper, policy
from wilberforce.operations.models import Iimarch, Roster
from wilberforce.sharing import actions as sharing

from .factories import more_found, prepared, refused
from .test_pages import send, to

ADDRESS = "B Invented Row"


def agree(at, day, partner, guardian):
    with at("guardian_police", "oversight") as actor:
        proposed = sharing.propose_agreement(
            actor, to_agency=day.agency(partner), data_class="operation", purpose="op_planning", fields=["brief"],
            basis="Crime and Disorder Act 1998 s.115", dpia_ref="DPIA-1", starts=clock.in_london(clock.now()).date(),
        )  # fmt: skip
        sharing.sign_agreement(actor, proposed.pk)
    with at(guardian, "oversight") as actor:
        sharing.sign_agreement(actor, proposed.pk)


def write(actor, day):
    more_found(actor, day.operation)
    for heading in Iimarch:
        actions.write_part(actor, day.operation, heading=heading, text=f"All of you: {heading.label}.")
    for code in ("derbyshire-fire", "derby-city"):
        actions.write_part(actor, day.operation, heading="method", text=f"Only {code}.", agencies=[day.agency(code)])


@pytest.fixture(params=[11, 20], ids=["eleven hours before", "twenty hours before"])
def hours(request):
    return request.param


@pytest.fixture
def ordered(at, cast):
    return _ordered(at, cast, 11)


def _ordered(at, cast, hours):
    day = prepared(at, cast, clock.now() + timedelta(hours=hours))
    agree(at, day, "derbyshire-fire", "guardian_fire")
    agree(at, day, "derby-city", "guardian_city")
    with day.planning() as actor:
        write(actor, day)
        assert actions.issue_order(actor, day.operation) == 1
    return day


def copy_of(at, part):
    with at(part, "op_planning") as actor:
        return board.briefs(actor)


def words(copy):
    return " ".join(text for section in copy["sections"] for text in section["texts"])


def test_an_order_is_issued_only_when_every_heading_says_something(plan):
    with plan.planning() as actor:
        actions.write_part(actor, plan.operation, heading="information", text="-")
        with refused(match="Intent, Method, Administration, Risk assessment, Communications, Humanitarian issues"):
            actions.issue_order(actor, plan.operation)


def test_each_agency_gets_its_own_parts_in_the_same_words_and_a_number_of_its_own(ordered, at):
    (fire,), (city,) = copy_of(at, "op_member_fire"), copy_of(at, "op_member_city")
    assert [section["title"] for section in fire["sections"]] == [heading.label for heading in Iimarch]
    assert words(fire).replace("derbyshire-fire", "derby-city") == words(city)
    assert "Only derby-city" not in words(fire)
    assert fire["copy"] != city["copy"]


def test_the_sites_open_twelve_hours_before_and_the_rest_fourteen_days_before(at, cast, hours):
    day = _ordered(at, cast, hours)
    (fire,) = copy_of(at, "op_member_fire")
    with day.planning() as actor:
        assert fire["starts"] == policy.OPERATIONS.one(actor, day.operation)["planned_for"]
    assert (ADDRESS in words(fire)) == (hours < 12)
    assert "All of you: Intent." in words(fire)


def test_a_planner_whom_the_commander_names_sees_the_sites_earlier(at, cast):
    day = _ordered(at, cast, 20)
    roster = Roster.objects.filter(operation_id=day.operation, membership_id=cast["op_member_fire"].pk)
    roster.update(sites_from=clock.now() - timedelta(minutes=1))
    assert ADDRESS in words(copy_of(at, "op_member_fire")[0])
    assert ADDRESS not in words(copy_of(at, "op_member_city")[0])


def test_a_new_version_closes_the_copies_of_the_one_before(ordered, at, signed_in):
    (old,) = copy_of(at, "op_member_fire")
    with ordered.planning() as actor:
        actions.write_part(actor, ordered.operation, heading="risk", text="Mind the dog.")
        assert actions.issue_order(actor, ordered.operation) == 2
    (new,) = copy_of(at, "op_member_fire")
    assert "Mind the dog." in words(new)
    assert new["copy"] > old["copy"]
    assert signed_in("op_member_fire").get(to("op_planning:order_copy", old["id"])).status_code == 404


def test_a_copy_waits_on_the_own_page_once_and_until_it_is_read(ordered, at, signed_in):
    reader = signed_in("op_member_fire")

    def waits():
        return "1 order or brief that you have not read" in reader.get("/my-work/").content.decode()

    def reads():
        for copy in copy_of(at, "op_member_fire"):
            send(reader, to("op_planning:order_read", copy["id"]), "op_planning")

    assert waits()
    reads()
    assert not waits()
    with ordered.planning() as actor:
        actions.issue_order(actor, ordered.operation)
    assert waits()


def test_the_commander_sees_who_has_read_which_copy(ordered, at, signed_in):
    (fire,) = copy_of(at, "op_member_fire")
    reader = signed_in("op_member_fire")
    assert "I have read it" in reader.get("/op-planning/").content.decode()
    assert send(reader, to("op_planning:order_read", fire["id"]), "op_planning").status_code == 302
    assert "You said that you have read it" in reader.get("/op-planning/").content.decode()
    with ordered.planning() as actor:
        shown = {one["agency"]: one for one in board.order(actor, ordered.operation)["copies"]}
    told = shown["Derbyshire Fire and Rescue Service"]
    assert [name for name, _ in told["read_by"]] == ["Caspian Fiddlewood (Derbyshire Fire)"]
    assert told["unread_by"] == []
    assert shown["Derby City Council"]["unread_by"] == ["Fergal Dewberry (Derby City)"]


def test_another_agencys_copy_is_absent_and_nobody_confirms_it(ordered, at, signed_in):
    (city,) = copy_of(at, "op_member_city")
    fire = signed_in("op_member_fire")
    for name in ("order_copy", "order_pdf", "order_read"):
        assert fire.get(to(f"op_planning:{name}", city["id"])).status_code == 404
    with pytest.raises(NotAllowed), at("op_member_fire", "op_planning") as actor:
        actions.read_order(actor, city["id"])


def test_the_order_is_written_changed_and_issued_on_its_pages(plan, signed_in):
    commander, page = signed_in("op_commander"), to("op_planning:order", plan.operation)
    assert "Nothing is written yet" in commander.get(page).content.decode()
    for heading in Iimarch:
        given = {"heading": heading.value, "text": f"Words on {heading.label}"}
        sent = send(commander, to("op_planning:order_write", plan.operation), "op_planning", **given)
        assert (sent.status_code, sent["Location"]) == (302, page)
    with plan.planning() as actor:
        part = policy.ORDER_PARTS.many(actor, limit=1)[0]
    given = {"heading": "risk", "text": "Other words", "version": part["version"]}
    url = to("op_planning:order_change", part["id"])
    assert send(commander, url, "op_planning", **given).status_code == 302
    assert send(commander, url, "op_planning", **given).status_code == 409
    sent = send(commander, to("op_planning:order_issue", plan.operation), "op_planning").content.decode()
    assert "Nothing is written yet under" in sent


def test_the_paper_is_tagged_pdf_and_says_no_more_than_the_page(ordered, at, signed_in):
    (fire,) = copy_of(at, "op_member_fire")
    answer = signed_in("op_member_fire").get(to("op_planning:order_pdf", fire["id"]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.content
    assert b"/Marked true" in answer.content
    assert len(re.findall(rb"/Type ?/Page\b", answer.content)) == 1


def test_no_order_goes_out_before_the_plan_says_what_happens_if_more_people_are_found(plan):
    with plan.planning() as actor:
        for heading in Iimarch:
            actions.write_part(actor, plan.operation, heading=heading, text="Words.")
        with refused(match="more people are found than planned"):
            actions.issue_order(actor, plan.operation)
        more_found(actor, plan.operation)
        assert actions.issue_order(actor, plan.operation) == 1


def test_no_order_goes_out_before_threat_and_proportionality_are_weighed(plan):
    with plan.planning() as actor:
        operation = policy.OPERATIONS.one(actor, plan.operation)
        kept = {name: operation[name] for name in ("name", "objectives", "planned_for", "threat")}
        actions.change_plan(actor, plan.operation, **kept, version=operation["version"])
        for heading in Iimarch:
            actions.write_part(actor, plan.operation, heading=heading, text="Words.")
        with refused(match="proportionate"):
            actions.issue_order(actor, plan.operation)


def test_what_may_go_wrong_stands_in_the_order_of_those_who_are_told(ordered, at):
    with ordered.planning() as actor:
        actions.plan_for(
            actor, ordered.operation, chance="unsafe", sign="Smoke, or a smell of gas.", answer="Everybody comes out.",
            decides="bronze", resource="One pump stands by.", agencies=[ordered.agency("derbyshire-fire")],
        )  # fmt: skip
        actions.issue_order(actor, ordered.operation)
    (fire,), (city,) = copy_of(at, "op_member_fire"), copy_of(at, "op_member_city")
    told = (
        "If it happens: the building is not safe.\nSign: Smoke, or a smell of gas.\nThen: Everybody comes out.\n"
        "Decides: Bronze (one task or site).\nWith: One pump stands by."
    )
    assert told in words(fire)
    assert "gas" not in words(city)
    for copy in (fire, city):
        assert "If it happens: more people are found than planned.\nPlanned for: 20. Ready for: 30." in words(copy)


def test_a_plan_for_what_may_go_wrong_is_written_and_changed_on_its_pages(plan, signed_in):
    commander, page = signed_in("op_commander"), to("op_planning:plan", plan.operation)
    assert "The order can&#x27;t be issued" in commander.get(page).content.decode().replace("'", "&#x27;")
    given = {"chance": "more-found", "sign": "Twelve are counted.", "answer": "Two more cars.", "decides": "silver"}
    url = to("op_planning:plan_add", plan.operation, "contingency")
    missing = send(commander, url, "op_planning", **given | {"sign": " "}).content.decode()
    assert "Two more cars." in missing
    assert send(commander, url, "op_planning", **given).status_code == 302
    with plan.planning() as actor:
        row = policy.CONTINGENCIES.many(actor, limit=1)[0]
    url = to("op_planning:contingency", row["id"])
    changed = given | {"answer": "Three more cars.", "version": row["version"]}
    assert send(commander, url, "op_planning", **changed).status_code == 302
    assert send(commander, url, "op_planning", **changed).status_code == 409
    shown = commander.get(page).content.decode()
    assert "Three more cars." in shown
    assert "Not planned yet" not in shown
    assert signed_in("op_member_a").get(url).status_code == 404


@pytest.mark.parametrize("typed", ['#panic("x")', "*bold* $x$ \\ ]", "ትግርኛ", "a\nb\n\nc", "<x> @ref [link](y)", "'\"`"])
def test_what_is_typed_is_never_read_as_the_layouts_source(typed):
    copy = {"order": 1, "copy": 3, "agency": typed, "sections": [{"title": "Method", "texts": [typed]}]}
    assert b"/StructTreeRoot" in paper.order(copy, clock.now())


def test_a_part_is_put_right_or_taken_out_and_the_plan_says_what_it_said(ordered, at, signed_in):
    with ordered.planning() as actor:
        part = actions.write_part(actor, ordered.operation, heading="risk", text="Mind the dog.")
        said = {"heading": "risk", "text": "Mind both dogs.", "agencies": [ordered.agency("derbyshire-fire")]}
        actions.change_part(actor, part.pk, **said, why="Seen again", version=1)
        with pytest.raises(Conflict):
            actions.change_part(actor, part.pk, **said, version=1)
        actions.take_out(actor, part.pk, why="No dogs", version=2)
        with refused(match="taken out"):
            actions.change_part(actor, part.pk, **said)
        issued = actions.issue_order(actor, ordered.operation)
        told = [row["text"] for row in policy.BRIEFS.many(actor, Q(order=issued), limit=500)]
    assert not any("dog" in text for text in told)
    page = signed_in("op_commander").get(f"/op-planning/{ordered.operation}/before/").content.decode()
    assert "What they need to know was: Mind the dog." in page
    assert "What they need to know was: Mind both dogs.\nWhy: No dogs" in page


def test_a_site_out_of_the_plan_is_seen_by_its_commander_alone_and_left_out_of_the_next_order(ordered, signed_in):
    def seen():
        with ordered.on_site() as actor:
            sites = policy.SITES.many(actor, projection="day_log", order_by=("ref",))
            places = policy.PLACES.many(actor, projection="day_log")
        return [site["ref"] for site in sites], sorted(place["address"] for place in places)

    assert seen() == (["A", "B"], ["A Invented Row", ADDRESS])
    commander, plan = signed_in("op_commander"), to("op_planning:plan", ordered.operation)
    url = to("op_planning:site_out", ordered.sites["B"])
    assert send(commander, url, "op_planning", why=" ", version=1).status_code == 200
    assert send(commander, url, "op_planning", why="Nobody lives there.", version=1).status_code == 302
    assert seen() == (["A"], ["A Invented Row"])
    with ordered.planning() as actor:
        issued = actions.issue_order(actor, ordered.operation)
        told = " ".join(row["text"] for row in policy.BRIEFS.many(actor, Q(order=issued), limit=500))
        assert policy.WARRANTS.many(actor, Q(site_id=ordered.sites["B"]))
    assert ("A Invented Row" in told, ADDRESS in told) == (True, False)
    shown = commander.get(plan).content.decode()
    assert "Put it back" in shown
    assert "Record the return of its warrant" in shown
    before = commander.get(f"/op-planning/{ordered.operation}/before/").content.decode()
    assert "Site B: Taken out" in before
    assert "Why: Nobody lives there." in before
    assert send(commander, url, "op_planning", why="They came back.", version=2).status_code == 302
    assert seen() == (["A", "B"], ["A Invented Row", ADDRESS])


def test_a_rehearsal_plays_only_what_is_in_the_plan(ordered, cast):
    with ordered.planning() as actor:
        actions.take_site_out(actor, ordered.sites["B"], why="Nobody lives there.")
        row = policy.CONTINGENCIES.many(actor, limit=1)[0]
        actions.no_longer_plan(actor, row["id"], used=False, why="The hall is larger.")
        with refused(match="was ended"):
            actions.no_longer_plan(actor, row["id"], used=True, why="Again")
        with refused(match="more people are found"):
            actions.issue_order(actor, ordered.operation)
        played = actions.rehearse(actor, ordered.operation).pk
        sites = policy.SITES.many(actor, Q(operation_id=played))
        assert [site["ref"] for site in sites] == ["A"]
        assert {row["site_id"] for row in policy.WARRANTS.many(actor, Q(operation_id=played))} == {sites[0]["id"]}
        assert policy.CONTINGENCIES.count(actor, Q(operation_id=played)) == 0


def test_what_happened_stays_on_the_plan_with_the_reason(ordered, signed_in):
    commander = signed_in("op_commander")
    with ordered.planning() as actor:
        row = policy.CONTINGENCIES.many(actor, limit=1)[0]
    url, said = to("op_planning:contingency_end", row["id"]), {"used": "used", "version": row["version"]}
    assert send(commander, url, "op_planning", why="", **said).status_code == 200
    assert send(commander, url, "op_planning", why="Fourteen came; both buses were called.", **said).status_code == 302
    shown = commander.get(to("op_planning:plan", ordered.operation)).content.decode()
    assert "It happened" in shown
    assert "Not planned yet" in shown
    assert "both buses were called" in commander.get(f"/op-planning/{ordered.operation}/before/").content.decode()
