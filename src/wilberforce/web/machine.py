"""For whoever keeps it running: which parts are well, whether the ledger is signed, and what the worker has to do."""

from django import forms
from django.db.models import DateTimeField, Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from wilberforce.access.context import Actor
from wilberforce.base.paging import Filters, choice_or_all, listed, rows_of
from wilberforce.ledger.checkpoint import WITNESSES_NEEDED
from wilberforce.ledger.models import Checkpoint, Cosignature
from wilberforce.ledger.pages import page

from . import readiness

STATES = {
    "todo": "Waiting",
    "doing": "Under way",
    "succeeded": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "aborted": "Stopped",
}


class JobFilters(Filters):
    state = forms.ChoiceField(label="State", choices=choice_or_all(STATES.items()), required=False)

    def where(self) -> Q:
        return self.equal(state="status")


@page("audit:R:verify_status")
def machine(request: HttpRequest, actor: Actor) -> HttpResponse:
    newest = Checkpoint.objects.order_by("-size").first()
    witnesses = Cosignature.objects.filter(size=newest.size).values("witness").distinct().count() if newest else 0
    shown = {
        "parts": readiness.parts(),
        "mail_waits": readiness.mail_waits(),
        "disk": round(readiness.disk_used()),
        "checkpoint": newest,
        "witnesses": witnesses,
        "enough": witnesses >= WITNESSES_NEEDED,
        "needed": WITNESSES_NEEDED,
    }
    return render(request, "web/machine.html", shown)


@page("audit:R:verify_status")
def jobs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What a job is about is in its arguments, so those are not even fetched."""
    listing = listed(request, rows_of(_newest_first()), JobFilters)
    rows = listing.each(lambda row: _told(row["record"]))
    return render(request, "web/jobs.html", {"listing": rows, "mail_waits": readiness.mail_waits()})


def _newest_first() -> QuerySet[ProcrastinateJob]:
    events = ProcrastinateEvent._default_manager.filter(job_id=OuterRef("pk")).values("job_id")
    last = Subquery(events.annotate(last=Max("at")).values("last"), output_field=DateTimeField())
    shown = ProcrastinateJob._default_manager.only("id", "task_name", "status", "attempts", "scheduled_at")
    newest: QuerySet[ProcrastinateJob] = shown.annotate(last=last).order_by("-id")
    return newest


def _told(job: ProcrastinateJob) -> dict[str, object]:
    stage, _, name = job.task_name.removeprefix("wilberforce.").rpartition(".")
    return {
        "name": f"{stage.split('.')[0]}: {name}".replace("_", " "),
        "state": STATES.get(job.status, job.status),
        "wrong": job.status in ("failed", "aborted"),
        "tries": job.attempts,
        "last": getattr(job, "last", None),
        "again": job.scheduled_at if job.status == "todo" else None,
    }
