"""The page to print holds the newest checkpoint and nothing of any entry."""

import pytest

from wilberforce.base import clock
from wilberforce.ledger import checkpoint, sequencer
from wilberforce.ledger.notes import Note

from .test_sequencer import settled

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/oversight/ledger/checkpoint/"


@pytest.fixture(autouse=True)
def _own_secrets(settings, tmp_path):
    settings.SECRETS = tmp_path / "secrets"


def test_before_the_first_checkpoint_the_page_says_what_is_missing(signed_in):
    page = signed_in("guardian_police").get(ADDRESS)
    assert page.status_code == 200
    assert "Nothing is signed yet" in page.content.decode()


def test_a_guardian_prints_the_newest_checkpoint_as_text_and_code(signed_in):
    guardian = signed_in("guardian_police")
    guardian.get("/oversight/ledger/")
    with sequencer.connect() as at:
        settled(at)
        note = checkpoint.go_round(at, checkpoint.signer(), [], clock.now()).note
    page = guardian.get(ADDRESS)
    assert Note.parsed(str(page.context["note"])) == note
    text = page.content.decode()
    assert note.body.splitlines()[2] in text
    assert "<svg" in text
    assert "0 partners have cosigned it; 2 are needed" in " ".join(text.split())


def test_somebody_without_oversight_finds_no_checkpoint(signed_in):
    assert signed_in("reception_worker").get(ADDRESS).status_code == 404
