"""The page kit: what people type is kept, mistakes say what to do, and pages stand without their surroundings."""

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.template import Context, engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from wilberforce.base.csp import CONTENT_SECURITY_POLICY
from wilberforce.base.forms import DayField, KitForm, MomentField, NarrowingSelect, Option, TimeField
from wilberforce.base.moments import DayWidget, london
from wilberforce.base.paging import Filters, Listing, choice_or_all, listed
from wilberforce.base.templatetags.drawings import clock_face, day_drawing
from wilberforce.base.templatetags.kit import compare, plural, when

UTC = dt.UTC
STAFF = {
    "actor": {"role": "reception_manager"},
    "who": {"name": "Asha Mistry", "agency": "Red Cross"},
    "workspace": {
        "code": "reception",
        "why": "care for the people at the centre",
        "nav": [{"label": "Today", "url": "/"}],
    },
    "breadcrumbs": [("Home", "/")],
    "demo": True,
}
ERROR_PAGES = [f"{status}.html" for status in (400, 403, 404, 405, 409, 413, 429, 500, 503)]


class ArrivalForm(KitForm):
    submit = "Record the arrival"
    name = forms.CharField(label="What do they want to be called?")
    arrived = MomentField(label="When did they arrive?", what="The arrival")
    born = DayField(label="Date of birth", what="The date of birth", required=False)
    seen = TimeField(label="Last seen", required=False)
    language = forms.ChoiceField(label="Language", choices=[("ti", "Tigrinya")], widget=NarrowingSelect, required=False)
    age = forms.ChoiceField(
        label="Adult or child?",
        widget=forms.RadioSelect,
        choices=[("adult", "Adult"), ("unsure", Option("Not sure", hint="Counts as a child until decided."))],
    )
    needs = forms.MultipleChoiceField(
        label="What do they need?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("food", "Food"), ("none", Option("Nothing now", exclusive=True))],
        required=False,
    )
    told = forms.BooleanField(label="Told in their own language", required=False)
    account = forms.CharField(label="In their words", widget=forms.Textarea, required=False)


def arrival(**changes: str) -> QueryDict:
    sent = QueryDict(mutable=True)
    answers = {"arrived_0": "17", "arrived_1": "4", "arrived_2": "2018", "arrived_3": "14:05", "age": "adult"}
    sent.update({"name": "Sara", **answers, **changes})
    return sent


def drawn(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context, RequestFactory().get("/?q=derby&page=3"))


def drawn_form(form: forms.Form) -> str:
    return drawn('{% include "base/kit/form.html" %}', form=form)


@pytest.mark.parametrize("name", ["ሰላም ተስፋይ", "محمد علي", "Nguyễn Thị Hương", "O'Brien-Łukasz", "می‌خواهم"])
def test_a_name_in_any_script_is_kept_as_it_was_typed(name: str) -> None:
    form = ArrivalForm(arrival(name=name))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == name


def test_what_cannot_be_seen_is_taken_out_and_newlines_count_once() -> None:
    form = ArrivalForm(arrival(name="Sa\u202era\x07", account="one\r\ntwo\ttabbed"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == "Sara"
    assert form.cleaned_data["account"] == "one\ntwo\ttabbed"


def test_a_nul_is_refused_beside_its_own_field_and_the_rest_stays() -> None:
    form = ArrivalForm(arrival(name="Sa\x00ra", account="She came by car."))
    assert list(form.errors) == ["name"]
    page = drawn_form(form)
    assert 'value="Sara"' in page
    assert "She came by car." in page
    assert "\x00" not in page


def test_a_text_of_two_megabytes_is_refused_beside_its_field_and_still_there() -> None:
    text = "x" * 2_000_000
    form = ArrivalForm(arrival(account=text))
    assert form.errors["account"] == ["In their words: use 10,000 characters or fewer. You have used 2000000."]
    assert text in drawn_form(form)


def test_a_browser_is_never_told_to_cut_a_text_off() -> None:
    assert not re.search(r"\smaxlength=", drawn_form(ArrivalForm()))


def test_the_summary_leads_to_the_first_choice_and_to_the_box_left_empty() -> None:
    form = ArrivalForm(arrival(arrived_1="", age=""))
    assert {(m.sentence, m.href) for m in form.mistakes} == {
        ("The arrival must include a month.", "#id_arrived_1"),
        ("Choose an answer: Adult or child?", "#id_age_0"),
    }
    page = drawn_form(form)
    for mistake in form.mistakes:
        assert f'id="{mistake.href[1:]}"' in page


def test_every_control_has_one_label_and_every_description_exists() -> None:
    page = drawn_form(ArrivalForm(arrival(name="", age="")))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    labelled = re.findall(r'<label[^>]*\sfor="([^"]+)"', page)
    controls = [i for i in ids if re.search(rf'<(input|select|textarea)[^>]*\sid="{i}"', page)]
    assert sorted(labelled) == sorted(controls)
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        assert set(described.split()) <= set(ids)


def test_choices_keep_their_hints_and_nothing_now_stands_alone() -> None:
    page = drawn_form(ArrivalForm())
    assert "Counts as a child until decided." in page
    assert re.search(r'value="none"[^>]*data-behaviour="exclusive"', page)


def test_a_form_carries_its_purpose_its_version_and_a_token_for_one_sending() -> None:
    first, second = ArrivalForm(version=3), ArrivalForm(version=3)
    assert dict(first.hidden)["once"] != dict(second.hidden)["once"]
    page = drawn('{% include "base/kit/form.html" %}', form=first, purpose="reception")
    assert '<input type="hidden" name="purpose" value="reception">' in page
    assert '<input type="hidden" name="version" value="3">' in page


def test_a_form_that_comes_back_keeps_its_token_and_the_version_it_was_made_from() -> None:
    back = ArrivalForm(arrival(name="", version="3", once="9b2f4f7e-5a0b-4c58-9d53-0c1a5c0f9a11"), version=4)
    assert not back.is_valid()
    assert dict(back.hidden) == {"purpose": "", "version": "3", "once": "9b2f4f7e-5a0b-4c58-9d53-0c1a5c0f9a11"}


def test_no_form_can_take_the_name_of_what_every_form_carries() -> None:
    class ConsentForm(KitForm):
        purpose = forms.CharField()

    with pytest.raises(ImproperlyConfigured, match="purpose"):
        ConsentForm()


def test_browsers_keep_nothing_of_a_form_about_a_person() -> None:
    assert 'autocomplete="off"' in drawn_form(ArrivalForm())


def test_a_password_is_neither_tidied_nor_shown_again() -> None:
    class SignIn(KitForm):
        password = forms.CharField(widget=forms.PasswordInput)
        code = forms.CharField()

    form = SignIn({"password": "thre\u202ae  words", "code": ""})
    form.is_valid()
    assert form.cleaned_data["password"] == "thre\u202ae  words"
    assert "words" not in drawn_form(form)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("14:05", "14:05"),
        ("1405", "14:05"),
        ("9.30", "09:30"),
        ("2:05pm", "14:05"),
        ("12am", "00:00"),
        ("0:00", "00:00"),
    ],
)
def test_a_time_may_be_written_as_people_write_it(written: str, meant: str) -> None:
    assert f"{TimeField().clean(written):%H:%M}" == meant


@pytest.mark.parametrize("written", ["25:00", "14:60", "noon", "7", "13pm", "١٤:٠٥:٠٠"])
def test_what_is_no_time_is_asked_again(written: str) -> None:
    with pytest.raises(ValidationError, match=r"like 14:05"):
        TimeField().clean(written)


def test_an_arrival_in_summer_is_kept_in_utc_and_shown_again_in_london_time() -> None:
    form = ArrivalForm(arrival())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["arrived"] == dt.datetime(2018, 4, 17, 13, 5, tzinfo=UTC)
    assert 'value="14:05"' in drawn_form(ArrivalForm(initial={"arrived": form.cleaned_data["arrived"]}))


def test_an_hour_that_the_clocks_skip_is_asked_about() -> None:
    with pytest.raises(ValidationError, match="never was"):
        london(dt.date(2018, 3, 25), dt.time(1, 30))


def test_an_hour_that_comes_twice_is_asked_about_and_bst_comes_first() -> None:
    night, half_past_one = dt.date(2018, 10, 28), dt.time(1, 30)
    with pytest.raises(ValidationError, match="came twice"):
        london(night, half_past_one)
    first, second = london(night, half_past_one, "BST"), london(night, half_past_one, "GMT")
    assert (first.hour, second.hour) == (0, 1)


def test_the_second_half_past_one_is_shown_again_so_that_it_can_be_sent_again() -> None:
    field = MomentField()
    for kept in (dt.datetime(2018, 10, 28, 0, 30, tzinfo=UTC), dt.datetime(2018, 10, 28, 1, 30, tzinfo=UTC)):
        assert field.clean(DayWidget(with_time=True).decompress(kept)) == kept


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (["31", "2", "2018"], "real date"),
        (["17", "4", "18"], "4 numbers"),
        (["", "", "2018"], "must include a day and a month"),
        (["x", "4", "2018"], "real date"),
    ],
)
def test_a_day_that_cannot_be_says_what_is_wrong(parts: list[str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        DayField(what="The date of birth").clean(parts)


def test_a_month_may_be_a_word() -> None:
    assert DayField().clean(["17", "April", "2018"]) == dt.date(2018, 4, 17)


@pytest.mark.parametrize("name", [*ERROR_PAGES, "base/layout.html", "base/public.html", "base/not_ready.html"])
def test_a_page_stands_with_nothing_around_it_and_obeys_the_policy(name: str) -> None:
    for surroundings in ({}, STAFF):
        page = render_to_string(name, surroundings)
        assert page.count("<main") == 1
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)
        assert not re.search(r'(src|action)="https?:', page)
        assert "{{" not in page


def test_the_kit_draws_a_form_that_is_not_its_own_and_needs_nothing_around_it() -> None:
    class Plain(forms.Form):
        code = forms.CharField(label="Code")

    for form in (Plain(), Plain({}), ArrivalForm()):
        page = render_to_string("base/kit/form.html", {"form": form})
        assert "govuk-input" in page
        assert page.count("<button") == 1


@pytest.mark.parametrize("workspace", [{"label": "Reception centre"}, {"code": "op_safety", "why": "keep people safe"}])
def test_a_workspace_says_as_much_as_is_known_of_it(workspace: dict[str, str]) -> None:
    page = render_to_string("base/layout.html", {"workspace": workspace})
    assert workspace.get("label", "The day") in page
    assert workspace.get("why", "") in page


def test_nothing_inline_and_nobody_elses_is_allowed() -> None:
    directives = CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert isinstance(directives, dict)
    assert directives["default-src"] == directives["frame-ancestors"] == directives["base-uri"] == ["'none'"]
    assert {source for sources in directives.values() for source in sources} == {"'none'", "'self'"}


def test_forbidden_and_absent_are_the_same_bytes() -> None:
    assert render_to_string("403.html") == render_to_string("404.html")


def test_a_staff_page_is_marked_above_and_below_and_says_who_where_and_why() -> None:
    page = render_to_string("base/layout.html", STAFF)
    assert page.count("OFFICIAL-SENSITIVE") == 2
    for words in ("Asha Mistry", "reception manager", "Red Cross", "care for the people at the centre"):
        assert words in page


def test_a_public_page_is_unmarked_and_can_be_left_at_once() -> None:
    page = render_to_string("base/public.html", STAFF)
    assert "OFFICIAL-SENSITIVE" not in page
    assert re.search(r'<a [^>]*rel="nofollow noreferrer" data-wb-leave', page)


def test_an_arabic_page_runs_from_right_to_left() -> None:
    with translation.override("ar"):
        page = render_to_string("base/public.html")
    assert '<html lang="ar" dir="rtl"' in page
    assert "base/app.rtl.css" in page
    assert "base/app.css" not in page


def test_the_second_writer_sees_both_and_can_send_theirs_again() -> None:
    request = RequestFactory().post("/x/", {"purpose": "reception", "once": "t", "room": "B2"})
    theirs = {"room": "A1", "arrived": dt.datetime(2018, 4, 17, 13, 5, tzinfo=UTC), "version": 7}
    typed = [("purpose", "reception"), ("version", "6"), ("room", "B2")]
    typed += [("arrived_0", "17"), ("arrived_1", "4"), ("arrived_2", "2018"), ("arrived_3", "14:05")]
    rows = {row.name: row for row in compare(Context(), typed, theirs)}
    assert set(rows) == {"room", "arrived"}
    assert rows["room"].differs
    assert not rows["arrived"].differs
    page = render_to_string("409.html", {"typed": typed, "theirs": theirs}, request)
    for sent in ('name="room" value="B2"', 'name="version" value="7"', 'name="purpose" value="reception"'):
        assert page.count(sent) == 1


def test_a_moment_is_shown_in_london_time_with_utc_beside_it() -> None:
    shown = when(dt.datetime(2018, 4, 17, 13, 5, tzinfo=UTC))
    assert ">17 April 2018, 14:05<" in shown
    assert 'title="13:05 UTC on 17 April 2018"' in shown
    assert when(None) == "not recorded"


def test_people_are_counted_in_words() -> None:
    assert [plural(n, "person,people") for n in (0, 1, 3)] == ["0 people", "1 person", "3 people"]


def test_turning_the_page_keeps_the_filter() -> None:
    assert drawn("{% load kit %}{% query_without page=4 %}") == "?q=derby&amp;page=4"
    assert drawn("{% load kit %}{% query_without 'page' %}") == "?q=derby"


class BirdFilters(Filters):
    colour = forms.ChoiceField(choices=choice_or_all([("grey", "Grey"), ("blue", "Blue")]), required=False)

    def where(self) -> Q:
        return self.equal(colour="plumage")


def asked(address: str, rows: int = 60, narrow: type[Filters] = BirdFilters) -> tuple[Listing, dict[str, Any]]:
    """A list at this address, and what was asked of its table."""
    sent: dict[str, Any] = {}

    def many(where: Q, *, limit: int, offset: int) -> list[dict[str, Any]]:
        sent.update(where=where, limit=limit, offset=offset)
        return [{"id": n} for n in range(rows)][offset : offset + limit]

    return listed(RequestFactory().get(address), many, narrow), sent


@pytest.mark.parametrize(
    ("address", "number", "first"),
    [("/", 1, 0), ("/?page=2", 2, 25), ("/?page=-2;drop", 1, 0), ("/?page=0", 1, 0), ("/?page=9999999", 1, 0),
     ("/?page=\u0662", 1, 0), ("/?page=", 1, 0)],
    ids=["first", "second", "nonsense", "zero", "too-long", "other-digits", "empty"],
)  # fmt: skip
def test_a_list_has_twenty_five_to_a_page_and_a_number_that_cannot_be_is_the_first(
    address: str, number: int, first: int
) -> None:
    found, sent = asked(address)
    assert (found.number, found.rows[0]["id"], len(found.rows), found.more) == (number, first, 25, True)
    assert sent["limit"] == 26


def test_the_last_page_knows_that_it_is_the_last() -> None:
    assert asked("/?page=3")[0].more is False
    assert asked("/?page=4")[0].rows == []


def test_a_choice_in_the_address_narrows_and_a_wrong_one_is_said_and_narrows_nothing() -> None:
    found, sent = asked("/?colour=blue&page=2")
    assert sent["where"] == Q(plumage="blue")
    assert found.narrowed
    wrong, sent = asked("/?colour=plaid")
    assert sent["where"] == Q()
    assert "is not offered, or no longer" in wrong.filters.mistakes[0].sentence
    assert not asked("/")[0].narrowed


def test_the_way_to_another_page_keeps_what_narrows() -> None:
    pages = drawn('{% include "base/kit/pagination.html" %}', listing=asked("/")[0])
    assert 'href="?q=derby&amp;page=2"' in pages
    assert 'rel="prev"' not in pages


def test_a_clock_that_ran_out_says_by_how_much() -> None:
    started = dt.datetime(2018, 4, 17, 6, tzinfo=UTC)
    face = clock_face("Detention", started, started + dt.timedelta(hours=25, minutes=10), 24)
    assert (face["percent"], face["tone"], face["over"], face["left"]) == (100.0, "overdue", "1 h 10 min", "")


def test_marks_close_in_time_stand_below_one_another_and_each_is_in_the_table() -> None:
    at = dt.datetime(2018, 4, 17, 5, tzinfo=UTC)
    marks = [{"at": at + dt.timedelta(minutes=n), "label": f"Entry {n}"} for n in range(4)]
    drawing = day_drawing("The day", [{"label": "Burton", "marks": marks}, {"label": "Derby", "marks": []}])
    places = [(mark["x"], mark["y"]) for mark in drawing["lanes"][0].marks]
    assert all(abs(x - u) >= 24 or abs(y - v) >= 24 for n, (x, y) in enumerate(places) for u, v in places[:n])
    assert [row["label"] for row in drawing["rows"]] == ["Entry 0", "Entry 1", "Entry 2", "Entry 3"]
    assert [tick["label"] for tick in drawing["ticks"]][:1] == ["06:00"]
    assert not drawing["days"]
    late = [*marks, {"at": at + dt.timedelta(hours=20), "label": "Debrief"}]
    two_days = day_drawing("The day", [{"label": "Burton", "marks": late}])
    assert [tick["day"] for tick in two_days["ticks"] if tick["day"]] == ["17 Apr", "18 Apr"]
    assert "18 April 2018, 02:00" in render_to_string("base/timeline.svg", two_days)


def test_a_code_typed_into_a_form_is_measured_by_what_it_is_and_not_by_its_length():
    class CodeForm(KitForm):
        code = forms.UUIDField()

    assert CodeForm({"code": "01a20a94-7fa0-7139-b96e-b16b2ea9ed6e"}).is_valid()
    assert not CodeForm({"code": "not a code"}).is_valid()
