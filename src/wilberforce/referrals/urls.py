from django.urls import URLPattern, path

from . import supplement_views, views

WORKSPACES: dict[str, list[URLPattern]] = {
    "nrm": [
        path("", views.index, name="index"),
        path("cases/<uuid:person_id>/", views.case, name="case"),
        path("cases/<uuid:person_id>/duty/", views.duty, name="duty"),
        path("cases/<uuid:person_id>/asked/", views.ask, name="referral_consent"),
        path("cases/<uuid:person_id>/form/", views.form, name="form"),
        path("cases/<uuid:person_id>/form/sent/", views.submitted, name="submitted"),
        path("cases/<uuid:person_id>/form/grounds/", views.grounds, name="grounds"),
        path("cases/<uuid:person_id>/form/conclusive/", views.conclusive, name="conclusive"),
        path("cases/<uuid:person_id>/form/closed/", views.closed, name="form_closed"),
        path("cases/<uuid:person_id>/form/right/", views.form_correct, name="form_correct"),
        path("cases/<uuid:person_id>/form/supplement/", supplement_views.supplement, name="supplement"),
        path("cases/<uuid:person_id>/form/supplement/sent/", supplement_views.sent, name="supplement_sent"),
        path("cases/<uuid:person_id>/form/supplement/over/", supplement_views.given_up, name="supplement_given_up"),
        path("cases/<uuid:person_id>/notification/", views.notification, name="notification"),
        path("cases/<uuid:person_id>/notification/checked/", views.check, name="check"),
        path("cases/<uuid:person_id>/notification/sent/", views.notified, name="notified"),
        path("cases/<uuid:person_id>/notification/right/", views.sent_correct, name="sent_correct"),
    ]
}
NAV = {"nrm": [("What is due", "index")]}
