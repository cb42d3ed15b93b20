"""Every address: the public's first, then a workspace for each purpose. The prefix names the purpose.

Each app's ``urls.py`` gives ``WORKSPACES`` (purpose -> addresses), ``PUBLIC`` (purpose -> addresses that anybody
may open), ``OPEN`` (addresses that touch no data class) and ``NAV`` (purpose -> [(label, name)], the lists of a
workspace).
"""

from collections import defaultdict
from importlib import import_module
from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from wilberforce.access.addresses import declare_external

from . import machine, views

STAGES = (
    "concerns", "intelligence", "operations", "custody", "survivors", "reception", "referrals", "sharing",
    "stewardship", "statistics", "press", "deadlines", "ledger", "agencies",
)  # fmt: skip

MACHINE = {
    "platform_ops": [
        path("", machine.machine, name="index"),
        path("jobs/", machine.jobs, name="jobs"),
        path("jobs/<int:number>/again/", machine.again, name="try_again"),
    ]
}
MACHINE_NAV = {"platform_ops": [("The machine", "index"), ("Jobs", "jobs")]}

handler400 = "wilberforce.web.views.bad_request"
handler404 = "wilberforce.web.views.not_found"
handler500 = "wilberforce.web.views.broken"

declare_external("account_", "sign-in touches no data class")
declare_external("mfa_", "second factors touch no data class")


def collected(name: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for stage in STAGES:
        for purpose, patterns in getattr(import_module(f"wilberforce.{stage}.urls"), name, {}).items():
            found[purpose] += patterns
    return found


def _workspaces() -> list[URLResolver]:
    """``/op-safety/...`` is the purpose op_safety, and ``op_safety:board`` a name in it."""
    return [
        path(f"{purpose.replace('_', '-')}/", include((patterns, purpose)), {"purpose": purpose})
        for purpose, patterns in [*collected("WORKSPACES").items(), *MACHINE.items()]
    ]


def _public() -> list[URLResolver]:
    return [path("", include(patterns), {"purpose": purpose}) for purpose, patterns in collected("PUBLIC").items()]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.front, name="front"),
    path("my-work/", views.desk, name="desk"),
    path("live/", views.live, name="live"),
    path("ready/", views.ready, name="ready"),
    *_public(),
    *(pattern for patterns in collected("OPEN").values() for pattern in patterns),
    *_workspaces(),
]
