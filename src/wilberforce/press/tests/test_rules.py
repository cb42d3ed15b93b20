"""What a bulletin may say. The whole bulletin of the day passes; each thing that must never be released is refused."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.deadlines.rules import LONDON
from wilberforce.press.lists import patterns
from wilberforce.press.rules import (
    Approval,
    BulletinFacts,
    Kind,
    Subscription,
    clean_address,
    plain_text,
    refusals,
    release_faults,
    subscription,
)

FACTS = BulletinFacts(
    counts={"man": frozenset({1, 2}), "woman": frozenset({5}), "victim": frozenset({5})},
    arrested_ages=frozenset({32, 27}),
    places=frozenset({"Burton", "Derby", "Normanton"}),
    names=frozenset({"Zofia Wymyslona", "ሰላም"}),
    streets=frozenset({"Quillfeather Row"}),
    centre_terms=frozenset({"Marigold House"}),
)

BULLETIN = """\
Flats in Burton were raided by police today as part of an investigation into an alleged prostitution ring. \
Two suspected brothels in Normanton and Derby city centre were also entered.

One man was arrested in Burton town centre and another at an address in Derby. The two men, aged 32 and 27, were \
arrested on suspicion of conspiracy to traffic with a view to exploit. They are in custody in Derby.

Five women who are believed to be victims were found at a house in Derby. They have been taken to a reception centre \
run by the British Red Cross, where they are being offered specialist support.

The operation was supported by Derbyshire Fire and Rescue Service, Derbyshire County Council, Derby City Council, the \
British Red Cross, HM Revenue and Customs, the Gangmasters and Labour Abuse Authority and the Department for Work and \
Pensions.

Victims may be forced to work in factories, at car washes or in the sex industry. They often receive little or no \
money. At the request of the police and the local authorities, the Red Cross is giving practical help and emotional \
support at a place of safety. The men will appear at Derby Crown Court. Anyone who suspects modern slavery can call \
01632 960 001 or 101."""


def kinds(text: str, facts: BulletinFacts = FACTS) -> set[Kind]:
    return {refusal.kind for refusal in refusals(text, facts, patterns())}


def test_the_bulletin_of_the_day_passes() -> None:
    assert refusals(BULLETIN, FACTS, patterns()) == []


NEVER = [
    ("The flat is in Green Lane.", Kind.STREET),
    ("Police entered 12 Invented Road.", Kind.STREET),
    ("It was in invented surroundings at Flat 3.", Kind.STREET),
    ("It was in quillfeather row.", Kind.STREET),
    ("Officers were seen at St Example's Church.", Kind.BUILDING),
    ("The postcode is DE99 9ZZ.", Kind.POSTCODE),
    ("The postcode is de999zz.", Kind.POSTCODE),
    ("The postcode is DE\u200b99 9\uff3aZ.", Kind.POSTCODE),
    ("They are at a reception centre in Derby.", Kind.CENTRE),
    ("The reception centre is near Normanton.", Kind.CENTRE),
    ("Derby's reception centre has opened.", Kind.CENTRE),
    ("They slept at a safe house outside Burton.", Kind.CENTRE),
    ("They slept at marigold house.", Kind.CENTRE),
    ("Mr Example was arrested.", Kind.NAME),
    ("DC Sample leads the team.", Kind.NAME),
    ("Detective Constable Ada Sample leads the team.", Kind.NAME),
    ("A woman named Ada spoke.", Kind.NAME),
    ("ZOFIA WYMYSLONA spoke.", Kind.NAME),
    ("Żofia Wymyślona spoke.", Kind.NAME),
    ("Mother of Wymyslona.", Kind.NAME),
    ("She is ሰላም.", Kind.NAME),
    ("Five women, aged 23 to 41, were found.", Kind.AGE),
    ("A 19-year-old was found.", Kind.AGE),
    ("A nineteen-year-old victim spoke.", Kind.AGE),
    ("The women are 27 years old.", Kind.AGE),
    ("Five women aged 27 were found and two men were arrested.", Kind.AGE),
    ("Two men, aged 32 and 40, were arrested.", Kind.AGE),
    ("Five Romanian women were found in Derby.", Kind.COMBINATION),
    ("A Vietnamese victim spoke.", Kind.COMBINATION),
    ("Three girls were there.", Kind.COUNT),
    ("There were 4 victims.", Kind.COUNT),
    ("They were referred to the National Referral Mechanism.", Kind.NRM),
    ("They are asylum seekers.", Kind.IMMIGRATION),
    ("The traffickers had previous convictions.", Kind.PREJUDICE),
    ("It followed months of surveillance.", Kind.METHOD),
    ("Ring 07700 900123.", Kind.CONTACT),
]


@pytest.mark.parametrize(("text", "kind"), NEVER, ids=[text for text, _ in NEVER])
def test_what_must_never_be_released_is_refused_wherever_it_stands(text: str, kind: Kind) -> None:
    assert kind in kinds(text)
    assert kind in kinds(f"{BULLETIN}\n\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        "The reception centre was run by the British Red Cross.",
        "The case is before Derby Crown Court.",
        "Two men, aged between 27 and 32, were arrested.",
        "Five women were found.",
        "Officers of the Romanian police helped in Derby.",
        "Twelve officers took part.",
    ],
)
def test_what_may_be_said_is_let_through(text: str) -> None:
    assert kinds(text) == set()


def test_a_refusal_gives_the_reason_and_the_words_as_they_were_typed() -> None:
    text = "Before. Żofia Wymyślona. After."
    first = refusals(text, FACTS, patterns())[0]
    assert first.reason.startswith("Nobody is named")
    assert text[slice(*first.excerpt_span)] in {"Żofia", "Żofia Wymyślona"}


@pytest.mark.parametrize(("figure", "kind"), [("Five", set()), ("Four", {Kind.COUNT}), ("Twelve", set())])
def test_a_figure_below_ten_comes_from_the_fact_sheet_alone(figure: str, kind: set[Kind]) -> None:
    assert kinds(f"{figure} women were found.") == kind
    assert Kind.COUNT in kinds("Five women were found.", BulletinFacts())


@given(st.text(max_size=200))
def test_every_refusal_points_into_the_text(text: str) -> None:
    plain, origin = plain_text(text)
    assert len(plain) == len(origin)
    for refusal in refusals(text, FACTS, patterns()):
        start, end = refusal.excerpt_span
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_known_name_is_refused_in_any_surroundings(before: str, after: str) -> None:
    assert Kind.NAME in kinds(f"{before}\n Zofia Wymyslona \n{after}")


# Subscribing


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "no-at-sign",
        "two@@example.org",
        "someone@example.org\n",
        "someone@example.org\r\nBcc: other@example.org",
        "some\x00one@example.org",
        "someone@example",
        "someone@-example.org",
        "someone@example..org",
        ".someone@example.org",
        "some one@example.org",
        "someone@127.0.0.1",
        "a" * 65 + "@example.org",
        "someone@" + "a" * 250 + ".org",
        "some\u2028one@example.org",
        "<someone@example.org>",
    ],
)
def test_an_invalid_address_is_refused(typed: str) -> None:
    assert subscription(typed, can_send=True) is Subscription.INVALID_ADDRESS


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("someone@example.org", "someone@example.org"),
        ("  Some.One+news@Example.ORG ", "Some.One+news@example.org"),
        ("o'neill@mail.example.org", "o'neill@mail.example.org"),
    ],
)
def test_a_good_address_is_kept_as_typed_but_for_its_domain(typed: str, kept: str) -> None:
    assert clean_address(typed) == kept
    assert subscription(typed, can_send=True) is Subscription.SUBSCRIBED
    assert subscription(typed, can_send=False) is Subscription.TRY_AGAIN


@given(st.text())
def test_no_address_that_is_kept_holds_a_line_break(typed: str) -> None:
    assert clean_address(typed) == "".join(clean_address(typed).split())


# Letting it out

NOW = datetime(2018, 4, 17, 17, 0, tzinfo=LONDON)
TWO = [Approval("approver", "police"), Approval("another", "redcross")]


@pytest.mark.parametrize(
    ("approvals", "doors_closed", "embargo", "says"),
    [
        (TWO, True, NOW, ""),
        (TWO[:1], True, None, "Two people"),
        ([Approval("approver", "police"), Approval("second", "police")], True, None, "two agencies"),
        ([*TWO, Approval("writer", "city")], True, None, "cannot approve"),
        ([*TWO, Approval("commander", "police")], True, None, "cannot approve"),
        (TWO, False, None, "doors are in"),
        (TWO, True, NOW + timedelta(seconds=1), "embargo"),
    ],
)
def test_a_bulletin_waits_for_two_approvers_of_two_agencies(
    approvals: list[Approval], doors_closed: bool, embargo: datetime | None, says: str
) -> None:
    found = release_faults("writer", "commander", approvals, doors_closed, embargo, NOW)
    assert says in found[0] if says else found == ()
