"""For whoever keeps it running: which parts are well, whether the ledger is signed, and what the worker has to do."""

from uuid import UUID

from django import forms
from django.db import connection, transaction
from django.db.models import DateTimeField, Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.exceptions import UniqueViolation

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.forms import KitForm
from wilberforce.base.paging import Filters, choice_or_all, listed, rows_of
from wilberforce.ledger.checkpoint import WITNESSES_NEEDED
from wilberforce.ledger.doors import action
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


UNDER_WAY = """
SELECT j.task_name, count(*) FILTER (WHERE j.status NOT IN ('todo', 'doing')), count(*)
FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
WHERE j.id > (SELECT coalesce(max(id), 0) - 20000 FROM procrastinate_jobs) AND e.at > now() - interval '1 day'
  AND NOT j.task_name = ANY (%s)
GROUP BY 1 HAVING count(*) > 1 AND bool_or(j.status IN ('todo', 'doing')) ORDER BY 1
"""
"""Work that is many jobs, such as a letter to each subscriber. What comes round by the clock has no end to reach."""


class TryAgainForm(KitForm):
    submit = "Try again"


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
    shown = {
        "listing": listing.each(lambda row: _told(row["record"])),
        "mail_waits": readiness.mail_waits(),
        "under_way": _under_way(),
        "form": TryAgainForm(),
    }
    return render(request, "web/jobs.html", shown)


@page("audit:W:failed_job")
@require_POST
def again(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    try_again(actor, number)
    return redirect(f"{actor.purpose}:jobs")


@action("audit", "W", projection="failed_job")
def try_again(actor: Actor, number: int) -> UUID:
    """It runs as whoever deferred it, asked again then what they may. The leaf names it by its number."""
    state = ProcrastinateJob._default_manager.filter(pk=number).values_list("status", flat=True).first()
    if state is None:
        raise NotAllowed(rule="A110", reason="absent or hidden")
    if state != "failed":
        raise RuleBroken("This job has not failed, or somebody else tries it again already. Look at the list anew.")
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(number, retry_at=clock.now())
    except UniqueViolation as waits:
        raise RuleBroken("The same job waits already; a second one would do its work twice.") from waits
    return UUID(int=number)


def _under_way() -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(UNDER_WAY, [_by_the_clock()])
        return [{"name": _name(task), "done": done, "all": every} for task, done, every in cursor.fetchall()]


def _by_the_clock() -> list[str]:
    return [name for name, _ in app.periodic_registry.periodic_tasks]


def _newest_first() -> QuerySet[ProcrastinateJob]:
    events = ProcrastinateEvent._default_manager.filter(job_id=OuterRef("pk")).values("job_id")
    last = Subquery(events.annotate(last=Max("at")).values("last"), output_field=DateTimeField())
    shown = ProcrastinateJob._default_manager.only("id", "task_name", "status", "attempts", "scheduled_at")
    newest: QuerySet[ProcrastinateJob] = shown.annotate(last=last).order_by("-id")
    return newest


def _name(task: str) -> str:
    stage, _, name = task.removeprefix("wilberforce.").rpartition(".")
    return f"{stage.split('.')[0]}: {name}".replace("_", " ")


def _told(job: ProcrastinateJob) -> dict[str, object]:
    return {
        "name": _name(job.task_name),
        "number": job.pk,
        "failed": job.status == "failed",
        "state": STATES.get(job.status, job.status),
        "wrong": job.status in ("failed", "aborted"),
        "tries": job.attempts,
        "last": getattr(job, "last", None),
        "again": job.scheduled_at if job.status == "todo" else None,
    }
