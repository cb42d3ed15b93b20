from django.urls import URLPattern, path

from . import views

WORKSPACES: dict[str, list[URLPattern]] = {
    "statistics": [
        path("", views.index, name="index"),
        path("export/", views.export, name="export"),
        path("<uuid:quarter_id>/yes/", views.say_yes, name="say_yes"),
    ]
}
PUBLIC: dict[str, list[URLPattern]] = {"statistics": [path("figures/", views.published, name="figures")]}
NAV = {"statistics": [("Figures", "index")]}
