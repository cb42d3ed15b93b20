"""The public: a bulletin that names nobody, let out by two of two agencies, and updates by e-mail."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from PIL import Image, ImageDraw
from procrastinate.contrib.django import app

from wilberforce.press import actions as press

from .telling import Story

TITLE = "Police act against suspected exploitation in Burton and Derby"
TEXT = """Officers entered flats in Burton town centre and two suspected brothels, in Normanton and in Derby city centre, \
after allegations from the public.

Two men, aged 32 and 27, were arrested on suspicion of conspiracy to traffic with a view to exploit. They are in custody in Derby.

Five women were found at a house in Derby. They are at a reception centre run by the British Red Cross, where they are \
offered specialist support.

People who are exploited may be forced to work in factories, at car washes or in the sex industry. They often receive \
little or no money, live in sub-standard conditions, and have their passports and other documents taken from them, so \
that they see no way of escaping.

Derbyshire Fire and Rescue Service, Derbyshire County Council, Derby City Council, the British Red Cross, \
HM Revenue and Customs, the Fair Work Agency (formerly the Gangmasters and Labour Abuse Authority) and the Department \
for Work and Pensions took part.

Anyone who suspects modern slavery where they live is asked to tell the police."""


ALT = "A drawing of a row of closed shops at night, with a light in one window above them. Nobody is in it."


def drawing() -> bytes:
    """Drawn here, of no street that there is."""
    night = Image.new("RGB", (1200, 630), "#1b2a41")
    pen = ImageDraw.Draw(night)
    pen.rectangle((0, 540, 1200, 630), fill="#0b141f")
    for place, wall in enumerate(("#52606d", "#616e7c", "#3e4c59", "#7b8794", "#52606d")):
        left = 40 + place * 228
        pen.rectangle((left, 170, left + 208, 540), fill=wall)
        pen.polygon(((left, 170), (left + 104, 95), (left + 208, 170)), fill="#323f4b")
        pen.rectangle((left + 24, 360, left + 184, 520), fill="#1f2933")
        pen.rectangle((left + 64, 220, left + 144, 300), fill="#ffd166" if place == 3 else "#1f2933")
    made = BytesIO()
    night.save(made, "PNG")
    return made.getvalue()


def the_bulletin(story: Story) -> None:
    story.scene("The public")
    with story.door("op_commander", "public_info") as actor:
        sheet = press.cut_fact_sheet(
            actor,
            story.ids["operation"],
            facts="Three sites entered. Two men arrested, aged 32 and 27: conspiracy to traffic with a view to exploit, in "
            "custody in Derby. Five women found at a house in Derby, taken to a reception centre.",
            places=["Burton", "Derby", "Normanton"],
            counts={"man": [1, 2], "woman": [5]},
            arrested_ages=[32, 27],
            doors_in=True,
            never={"streets": ["Invented Row", "Nowhere Walk", "Madeup Passage"], "centre": ["Kingfisher"]},
        )
    story.ids["fact_sheet"] = sheet.pk
    story.tell(story.at(hours=4.7), "op_commander", "cuts a fact sheet; the writer sees nothing else of the case")
    with story.door("comms_officer", "public_info") as actor:
        bulletin = press.draft(actor, sheet.pk, title=TITLE, text=TEXT)
        pictured = press.illustrate(actor, bulletin.pk, raw=drawing(), alt=ALT, version=1)
        press.submit(actor, bulletin.pk, version=pictured.version)
    story.words["bulletin"] = str(bulletin.address)
    story.tell(
        story.at(hours=4.8), "comms_officer", "writes the bulletin, adds a picture, and sends both to two approvers"
    )
    for part in ("guardian_police", "reception_manager"):
        with story.door(part, "public_info") as actor:
            press.answer(actor, bulletin.pk, yes=True)
        story.tell(story.at(hours=4.9), part, "reads it as a neighbour would, and says yes")


def updates(story: Story) -> None:
    """Through the public pages, as a reader would; the post goes out as it does every day, by a worker."""
    reader = Client()
    story.outcomes["subscribed"] = "Nearly subscribed" in _ask(reader, "reader@example.org")
    story.outcomes["invalid"] = "Enter an e-mail address" in _ask(reader, "not an address")
    the_post_goes_out()
    code = re.search(r"/news/updates/([\w-]+)/", _newest_message())
    if code:
        story.letters += [code[0], f"{code[0]}leave/"]
        story.outcomes["confirmed"] = "Subscribed" in reader.post(f"/news/updates/{code[1]}/").content.decode()
    story.tell(story.at(hours=5), "A reader", "asks for updates, confirms by e-mail, and is told of the bulletin")


def _ask(reader: Client, address: str) -> str:
    return reader.post("/news/updates/", {"address": address}).content.decode()


def the_post_goes_out() -> None:
    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)


def _newest_message() -> str:
    messages = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda path: path.stat().st_mtime)
    return messages[-1].read_text() if messages else ""


def read_back(story: Story) -> str:
    """What the public sees, from the public address."""
    page = Client().get(f"/news/{story.words['bulletin']}/").content.decode()
    article = re.search(r"<article\b[^>]*>(.*?)</article>", page, re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"<[^>]+>", " ", article[1])).strip() if article else ""
