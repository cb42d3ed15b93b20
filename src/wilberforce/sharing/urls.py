from django.urls import URLPattern, path

from . import views

WORKSPACES: dict[str, list[URLPattern]] = {
    "oversight": [
        path("", views.index, name="index"),
        path("agreements/<uuid:agreement_id>/", views.agreement, name="agreement"),
        path("waiting/<uuid:disclosure_id>/", views.approval, name="approval"),
        path("waiting/<uuid:disclosure_id>/refused/", views.refusal, name="refusal"),
    ]
}
NAV = {"oversight": [("Sharing", "index")]}
