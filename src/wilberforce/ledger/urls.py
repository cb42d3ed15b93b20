from django.urls import URLPattern, path

from . import views

WORKSPACES: dict[str, list[URLPattern]] = {"oversight": [path("ledger/", views.entries, name="ledger")]}
NAV = {"oversight": [("Who saw what", "ledger")]}
