"""At the door: who set off and who arrived, cards drawn at random, and a language to point at."""

from typing import Any

from django.urls import reverse

from wilberforce.concerns.lists import LANGUAGES
from wilberforce.reception import lists, paper

from .conftest import Open
from .test_pages import words


def test_who_set_off_is_reconciled_with_who_arrived(sent: Open, signed_in: Any) -> None:
    client = signed_in("reception_manager")
    address = reverse("reception:manifest", args=[sent.centre_id])
    page = words(client.get(address))
    assert f"Register {sent.found[0].reference}" in page
    assert "Female. Injury: not sure. Romanian." in page
    sent.arrived(reference=sent.found[0].reference)
    sent.arrived(reference="P-7K3MQX")
    page = words(client.get(address))
    assert "Nobody is missing from the manifest" in page
    assert page.index("Here and on no manifest") < page.index("P-7K3MQX")
    assert page.index(sent.found[0].reference) < page.index("Here and on no manifest")


def test_every_language_that_is_spoken_is_shown_in_its_own_script(centre: Open, signed_in: Any) -> None:
    page = words(signed_in("reception_worker").get(reverse("reception:languages", args=[centre.centre_id])))
    assert "ትግርኛ" in page
    assert set(LANGUAGES) - set(lists.OWN_NAMES) == {"bfi", "und"}


def test_cards_are_printed_for_a_tablet_and_no_two_sheets_are_alike(centre: Open, signed_in: Any) -> None:
    client, address = signed_in("reception_worker"), reverse("reception:cards", args=[centre.centre_id])
    assert "drawn at random" in words(client.get(address))
    printed = client.get(address, {"number": "8", "tablet": "2"})
    assert (printed.headers["Content-Type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    assert printed.content != paper.references(8, "2")
    assert "80" in words(client.get(address, {"number": "500"}))
