from django.urls import URLPattern, path

from . import views

WORKSPACES: dict[str, list[URLPattern]] = {
    "nrm": [
        path("", views.index, name="index"),
        path("people/<uuid:person_id>/", views.person, name="person"),
        path("people/<uuid:person_id>/duty/", views.duty, name="duty"),
        path("people/<uuid:person_id>/consent/", views.consent, name="consent"),
        path("people/<uuid:person_id>/form/", views.form, name="form"),
        path("people/<uuid:person_id>/form/sent/", views.submitted, name="submitted"),
        path("people/<uuid:person_id>/notification/", views.notification, name="notification"),
        path("people/<uuid:person_id>/notification/checked/", views.check, name="check"),
        path("people/<uuid:person_id>/notification/sent/", views.notified, name="notified"),
    ]
}
NAV = {"nrm": [("Your people", "index")]}
