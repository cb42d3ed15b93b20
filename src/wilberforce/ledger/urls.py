from django.urls import URLPattern, path

from . import views

WORKSPACES: dict[str, list[URLPattern]] = {
    "oversight": [
        path("ledger/", views.entries, name="ledger"),
        path("ledger/checkpoint/", views.checkpoint, name="checkpoint"),
    ]
}
NAV = {"oversight": [("Who saw what", "ledger"), ("Checkpoint to print", "checkpoint")]}
