"""A person's addresses, the same in each workspace that may open them."""

from django.urls import URLPattern, path

from wilberforce.agencies import own_shift

from .views import answers, kept, people, same

PERSON = path("people/<uuid:person_id>/", people.person, name="person")
IDENTITY = path("people/<uuid:person_id>/identity/", kept.identity, name="identity")
CONSENTS = [
    path("people/<uuid:person_id>/consents/", answers.consents, name="consents"),
    path("people/<uuid:person_id>/consents/tell/", answers.tell, name="tell"),
    path("people/<uuid:person_id>/consents/ask/", answers.ask, name="ask"),
    path("people/<uuid:person_id>/consents/<uuid:answer_id>/withdraw/", answers.withdraw, name="withdraw"),
    path("people/<uuid:person_id>/consents/law/", answers.basis, name="basis"),
    path("people/<uuid:person_id>/consents/law/<uuid:basis_id>/ended/", answers.basis_ended, name="basis_ended"),
]
CARE = [
    path("people/<uuid:person_id>/notes/", kept.notes, name="notes"),
    path("people/<uuid:person_id>/care/", kept.care, name="care"),
    path("people/<uuid:person_id>/care/<uuid:flag_id>/ended/", kept.care_ended, name="care_ended"),
    path("people/<uuid:person_id>/clinical/", kept.clinical, name="clinical"),
    path("people/<uuid:person_id>/place/", kept.place, name="place"),
    path("people/<uuid:person_id>/place/right/", kept.place_right, name="place_right"),
]
SAME = [
    path("people/<uuid:person_id>/same/", same.ask, name="same"),
    path("people/<uuid:person_id>/same/asked/", same.asked, name="asked_for_same"),
]
ACCOUNT = path("people/<uuid:person_id>/account/", kept.account, name="account")

WORKSPACES: dict[str, list[URLPattern]] = {
    "reception": [
        PERSON,
        path("people/<uuid:person_id>/correct/", people.correct, name="correct"),
        path("people/<uuid:person_id>/assign/", people.assign, name="assign"),
        path("people/<uuid:person_id>/assign/<uuid:membership_id>/ended/", people.unassign, name="unassign"),
        path("people/<uuid:person_id>/roles/", people.roles, name="roles"),
        path("people/<uuid:person_id>/roles/<uuid:role_id>/ended/", people.role_ended, name="role_ended"),
        path("people/<uuid:person_id>/end/", people.end, name="end"),
        IDENTITY,
        *CONSENTS,
        *CARE,
    ],
    "support": [
        path("", people.index, name="index"),
        PERSON,
        path("known/", same.known, name="known"),
        path("shift/", own_shift.duty, name="shift"),
        *SAME,
        path("people/<uuid:person_id>/placement/", people.placement, name="placement"),
        IDENTITY,
        *CONSENTS,
        *CARE,
    ],
    "nrm": [
        path("people/", people.index, name="people"),
        path("people/<uuid:person_id>/", people.person_for_referral, name="person"),
        *SAME,
        IDENTITY,
        *CONSENTS,
        ACCOUNT,
    ],
    "criminal_investigation": [
        path("people/", people.index, name="people"),
        PERSON,
        path("people/<uuid:person_id>/identity/", kept.identity_disclosed, name="identity"),
        ACCOUNT,
    ],
}
NAV = {
    "support": [("My people", "index"), ("Known to others", "known")],
    "nrm": [("My people", "people")],
    "criminal_investigation": [("People disclosed to you", "people")],
}
