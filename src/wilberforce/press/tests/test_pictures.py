"""A bulletin's picture: what is let in, what is left behind of it, who sees it and when."""

import struct
import zlib
from io import BytesIO
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from PIL import Image

from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.pictures import SIDE_AT_MOST, drawn_anew
from wilberforce.press import actions, policy
from wilberforce.press.models import Picture

from .test_letting_out import TEXT, operation, say_yes, sheet  # noqa: F401

ALT = "A row of closed shops at night."
PLACE = "taken at the back door"


def photograph(kind="JPEG", size=(300, 200), mode="RGB", **written):
    made = BytesIO()
    Image.new(mode, size, "teal").save(made, kind, **written)
    return made.getvalue()


def with_exif():
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = PLACE, 6
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 48.0, 0.0)})
    return photograph(exif=exif.tobytes(), comment=PLACE.encode(), icc_profile=PLACE.encode())


def claims_to_be(width, height):
    """A PNG of a few bytes that says it is this large."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


# What is let in


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGBA")],
    ids=lambda word: word,
)
def test_a_picture_of_a_known_kind_becomes_a_plain_jpeg(kind, mode):
    drawn = drawn_anew(photograph(kind, mode=mode))
    with Image.open(BytesIO(drawn.jpeg)) as shown:
        assert (shown.format, shown.mode, shown.size) == ("JPEG", "RGB", (drawn.width, drawn.height))


def test_nothing_that_the_camera_wrote_is_left_and_the_picture_stands_upright():
    raw = with_exif()
    assert PLACE.encode() in raw
    drawn = drawn_anew(raw)
    assert PLACE.encode() not in drawn.jpeg
    assert (drawn.width, drawn.height) == (200, 300)
    with Image.open(BytesIO(drawn.jpeg)) as shown:
        assert not set(shown.info) & {"exif", "comment", "icc_profile", "xmp", "photoshop"}
        assert dict(shown.getexif()) == {}


def test_a_note_in_a_png_is_left_behind_too():
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text("Comment", PLACE)
    assert PLACE.encode() not in drawn_anew(photograph("PNG", pnginfo=note)).jpeg


def test_a_large_picture_is_made_small_enough_for_a_telephone():
    drawn = drawn_anew(photograph(size=(4000, 3000)))
    assert max(drawn.width, drawn.height) == SIDE_AT_MOST


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (claims_to_be(30_000, 30_000), "25 million pixels"),
        (claims_to_be(9_000, 10_000), "25 million pixels"),
        (claims_to_be(6_000, 5_000), "25 million pixels"),
        (claims_to_be(40, 40), "can't be read"),
        (photograph()[:400], "can't be read"),
        (b"GIF89a" + bytes(40), "can't be read"),
        (photograph("GIF"), "can't be read"),
        (photograph("TIFF"), "can't be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "can't be read"),
        (b"%PDF-1.7", "can't be read"),
        (bytes(10 * 1024 * 1024 + 1), "10 MB"),
    ],
    ids=["bomb", "large bomb", "small bomb", "empty", "cut off", "not a gif", "gif", "tiff", "svg", "pdf", "heavy"],
)
def test_what_is_no_picture_or_too_large_a_one_is_refused_with_what_to_do(raw, said):
    with pytest.raises(RuleBroken) as refused:
        drawn_anew(raw)
    assert refused.value.field == "picture"
    assert said in refused.value.sentence


# Who sees it, and when


@pytest.fixture
def drafted(at, sheet):  # noqa: F811
    with at("comms_officer", "public_info") as actor:
        return actions.draft(actor, sheet, title="Police act in Derby", text=TEXT).pk


def bulletin(at, bulletin_id):
    with at("comms_officer", "public_info") as actor:
        return policy.BULLETINS.one(actor, bulletin_id, projection="draft")


def illustrate(at, bulletin_id, raw=None, alt=ALT):
    version = bulletin(at, bulletin_id)["version"]
    with at("comms_officer", "public_info") as actor:
        given = photograph() if raw is None else raw
        return actions.illustrate(actor, bulletin_id, raw=given, alt=alt, version=version).picture_id


def send(at, bulletin_id):
    version = bulletin(at, bulletin_id)["version"]
    with at("comms_officer", "public_info") as actor:
        actions.submit(actor, bulletin_id, version=version)


def let_out(at, bulletin_id):
    for part in ("guardian_police", "reception_manager"):
        say_yes(at, part, bulletin_id)


@pytest.fixture
def pictured(at, drafted):
    picture = illustrate(at, drafted)
    send(at, drafted)
    return drafted, picture


def shown_to_the_public(client, picture):
    answer = client.get(f"/news/pictures/{picture}/")
    return answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"


def test_the_public_sees_the_picture_with_the_bulletin_and_in_the_feed(at, client, pictured):
    bulletin_id, picture = pictured
    assert not shown_to_the_public(client, picture)
    let_out(at, bulletin_id)
    page = client.get(f"/news/{bulletin(at, bulletin_id)['address']}/").content.decode()
    assert f'src="/news/pictures/{picture}/" alt="{ALT}" width="300" height="200"' in page
    assert shown_to_the_public(client, picture)
    feed = client.get("/news/feed/").content.decode()
    length = len(client.get(f"/news/pictures/{picture}/").content)
    assert f'/news/pictures/{picture}/"' in feed
    assert f'length="{length}"' in feed
    assert 'type="image/jpeg"' in feed


def test_a_withdrawn_bulletins_picture_is_gone_for_the_public(at, client, pictured):
    bulletin_id, picture = pictured
    let_out(at, bulletin_id)
    version = bulletin(at, bulletin_id)["version"]
    with at("comms_officer", "public_info") as actor:
        actions.withdraw(actor, bulletin_id, version=version)
    told = client.get(f"/news/pictures/{picture}/")
    assert (told.status_code, told.content) == (404, client.get(f"/news/pictures/{uuid4()}/").content)


def test_both_approvers_see_the_picture_that_they_approve(signed_in, pictured):
    bulletin_id, picture = pictured
    for part in ("guardian_police", "reception_manager"):
        client = signed_in(part)
        assert ALT in client.get(f"/public-info/bulletins/{bulletin_id}/answer/").content.decode()
        assert client.get(f"/public-info/pictures/{picture}/")["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("part", ["reception_worker", "investigator", "intel_officer", "guardian_host"])
def test_nobody_else_sees_it_before(signed_in, pictured, part):
    assert signed_in(part).get(f"/public-info/pictures/{pictured[1]}/").status_code == 404


def test_another_picture_needs_its_approvals_anew_and_nothing_of_the_first_is_kept(at, client, pictured):
    bulletin_id, first = pictured
    say_yes(at, "guardian_police", bulletin_id)
    second = illustrate(at, bulletin_id, photograph(size=(320, 240)))
    send(at, bulletin_id)
    say_yes(at, "reception_manager", bulletin_id)
    assert not shown_to_the_public(client, second)
    with at("comms_officer", "public_info"):
        assert list(Picture.objects.values_list("id", flat=True)) == [second] != [first]


def test_another_description_needs_its_approvals_anew_too(at, client, pictured):
    bulletin_id, picture = pictured
    say_yes(at, "guardian_police", bulletin_id)
    assert illustrate(at, bulletin_id, b"", alt="Closed shops.") == picture
    send(at, bulletin_id)
    say_yes(at, "reception_manager", bulletin_id)
    assert not shown_to_the_public(client, picture)


def test_a_description_that_would_give_somebody_away_is_refused(at, drafted):
    with pytest.raises(RuleBroken) as refused:
        illustrate(at, drafted, alt="The shop in Invented Road.")
    assert refused.value.field == "alt"


def test_a_published_picture_stays_as_it_is(at, pictured):
    let_out(at, pictured[0])
    with pytest.raises(RuleBroken):
        illustrate(at, pictured[0])
    for sql in (
        "UPDATE press_bulletin SET picture_id = NULL, version = version + 1",
        "UPDATE press_bulletin SET picture_alt = 'Another', version = version + 1",
        "UPDATE press_picture SET jpeg = ''",
        "DELETE FROM press_picture",
    ):
        with at("comms_officer", "public_info"), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql)


def test_what_was_sent_for_approval_can_not_be_changed_in_the_database_under_the_same_version(at, pictured):
    with at("comms_officer", "public_info"), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE press_bulletin SET picture_alt = 'Another'")


def test_only_the_writer_adds_a_picture(at, pictured):
    with pytest.raises(NotAllowed), at("guardian_police", "public_info") as actor:
        actions.illustrate(actor, pictured[0], raw=photograph(), alt=ALT, version=1)


# The writer's page


def post(client, bulletin_id, raw, **typed):
    form = {"purpose": "public_info", "version": "1", "once": str(uuid4()), **typed}
    return client.post(
        f"/public-info/bulletins/{bulletin_id}/picture/", form | {"picture": SimpleUploadedFile("a.jpg", raw)}
    )


def test_a_picture_is_added_and_taken_away_by_form(signed_in, drafted):
    client = signed_in("comms_officer")
    assert post(client, drafted, photograph(), alt=ALT).status_code == 302
    page = client.get(f"/public-info/bulletins/{drafted}/").content.decode()
    assert f'alt="{ALT}"' in page
    form = {"purpose": "public_info", "version": "2", "once": str(uuid4())}
    client.post(f"/public-info/bulletins/{drafted}/picture/away/", form)
    assert "Add a picture" in client.get(f"/public-info/bulletins/{drafted}/").content.decode()


@pytest.mark.parametrize("raw", [b"", b"no picture"], ids=["none", "not a picture"])
def test_a_bad_file_says_so_beside_its_field_and_keeps_what_was_typed(signed_in, drafted, raw):
    page = post(signed_in("comms_officer"), drafted, raw, alt=ALT)
    assert page.status_code == 200
    assert 'id="id_picture_error"' in page.content.decode()
    assert ALT in page.content.decode()


def test_a_picture_without_words_for_who_can_not_see_it_is_refused(signed_in, drafted):
    page = post(signed_in("comms_officer"), drafted, photograph(), alt="").content.decode()
    assert 'id="id_alt_error"' in page


def test_an_upload_is_never_written_to_a_folder_and_too_large_a_one_is_refused(
    signed_in, drafted, monkeypatch, tmp_path
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    client = signed_in("comms_officer")
    assert "10 MB" in post(client, drafted, bytes(11 * 1024 * 1024), alt=ALT).content.decode()
    assert post(client, drafted, bytes(settings.DATA_UPLOAD_MAX_MEMORY_SIZE), alt=ALT).status_code == 413
    assert list(tmp_path.iterdir()) == []
