"""Keys of roles that ran out; and letters with a link that works once, which wait in the database for a mail server
that is down: no job holds one."""

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from procrastinate.contrib.django import app

from wilberforce.base import clock
from wilberforce.base.letters import LATER

from . import readers
from .actions import WAITING
from .models import Invitation, SecondYes, Wanted
from .rules import INVITATION_LASTS, WAY_BACK_LASTS
from .sittings import link_of


@app.task(queue="mail", retry=LATER)
def send_invitation(invitation: str) -> None:
    """Its time runs from the hour in which the mail server took it."""
    asked = Invitation.objects.select_related("agency").filter(WAITING, pk=invitation).first()
    if asked is None:
        return
    link = settings.SITE_ADDRESS + reverse("join", args=[link_of(asked.pk)])
    text = f"You are invited to work for {asked.agency}.\n\n{link}\n\nThe link works once, for 72 hours."
    send_mail("Your invitation", text, None, [asked.email])
    Invitation.objects.filter(pk=asked.pk).update(expires=clock.now() + INVITATION_LASTS.value)


@app.task(queue="mail", retry=LATER)
def send_way_back(asked: str) -> None:
    open_ones = SecondYes.objects.filter(pk=asked, wanted=Wanted.WAY_BACK, yes=True, used_at=None)
    opened = open_ones.select_related("membership__user").first()
    if opened is None:
        return
    link = settings.SITE_ADDRESS + reverse("way_back", args=[link_of(opened.pk)])
    text = f"Two of your data guardians opened a way back into your account.\n\n{link}\n\nIt works once, for two hours."
    send_mail("Your way back", text, None, [opened.membership.user.email])
    open_ones.update(expires=clock.now() + WAY_BACK_LASTS.value)


@app.periodic(cron="* * * * *")
@app.task(queue="watch", queueing_lock="lapsed", pass_context=False)
def take_keys_of_lapsed(timestamp: int = 0) -> int:
    """How many."""
    return readers.lapsed()
