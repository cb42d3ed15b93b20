"""A person's addresses, the same in each workspace that may open them."""

from django.urls import URLPattern, path

from . import views

PERSON = path("people/<uuid:person_id>/", views.person, name="person")
IDENTITY = path("people/<uuid:person_id>/identity/", views.identity, name="identity")
CONSENTS = [
    path("people/<uuid:person_id>/consents/", views.consents, name="consents"),
    path("people/<uuid:person_id>/consents/tell/", views.tell, name="tell"),
    path("people/<uuid:person_id>/consents/ask/", views.ask, name="ask"),
    path("people/<uuid:person_id>/consents/<uuid:answer_id>/withdraw/", views.withdraw, name="withdraw"),
]
CARE = [
    path("people/<uuid:person_id>/notes/", views.notes, name="notes"),
    path("people/<uuid:person_id>/care/", views.care, name="care"),
    path("people/<uuid:person_id>/place/", views.place, name="place"),
]
ACCOUNT = path("people/<uuid:person_id>/account/", views.account, name="account")

WORKSPACES: dict[str, list[URLPattern]] = {
    "reception": [
        PERSON,
        path("people/<uuid:person_id>/correct/", views.correct, name="correct"),
        path("people/<uuid:person_id>/assign/", views.assign, name="assign"),
        IDENTITY,
        *CONSENTS,
        *CARE,
    ],
    "support": [path("", views.index, name="index"), PERSON, IDENTITY, *CONSENTS, *CARE],
    "nrm": [
        path("people/", views.index, name="people"),
        path("people/<uuid:person_id>/", views.person_for_referral, name="person"),
        IDENTITY,
        *CONSENTS,
        ACCOUNT,
    ],
    "criminal_investigation": [
        PERSON,
        path("people/<uuid:person_id>/identity/", views.identity_disclosed, name="identity"),
        ACCOUNT,
    ],
}
NAV = {"support": [("My people", "index")], "nrm": [("My people", "people")]}
