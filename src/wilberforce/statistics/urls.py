from django.urls import URLPattern, path

from . import views

WORKSPACES: dict[str, list[URLPattern]] = {"statistics": [path("", views.index, name="index")]}
NAV = {"statistics": [("Figures", "index")]}
