from django.urls import URLPattern, path

from .views import emergencies, guardians, people

SHARE = path("people/<uuid:person_id>/share/", people.share, name="share")
SHARED = path("people/<uuid:person_id>/shared/", people.shared, name="shared")
RECEIPTS = [
    path("disclosures/<uuid:disclosure_id>/", people.receipt, name="receipt"),
    path("disclosures/<uuid:disclosure_id>/recalled/", people.recalled, name="recalled"),
]
REQUESTS = [
    path("people/<uuid:person_id>/request/", people.ask, name="request_for"),
    path("requests/", people.requests, name="requests"),
    path("requests/<uuid:request_id>/", people.asked, name="request"),
]
EMERGENCY = [
    path("emergency/", emergencies.ask, name="emergency"),
    path("emergency/<uuid:emergency_id>/", emergencies.sight, name="emergency_sight"),
]
CALLS = [
    path("calls/", emergencies.calls, name="calls"),
    path("calls/<uuid:emergency_id>/yes/", emergencies.answered, {"said": "yes"}, name="call_yes"),
    path("calls/<uuid:emergency_id>/no/", emergencies.answered, {"said": "no"}, name="call_no"),
    path("calls/<uuid:emergency_id>/agreed/", emergencies.answered, {"said": "agreed"}, name="call_agreed"),
]

WORKSPACES: dict[str, list[URLPattern]] = {
    "oversight": [
        path("", guardians.index, name="index"),
        path("agreements/new/", guardians.propose, name="propose"),
        path("agreements/<uuid:agreement_id>/", guardians.agreement, name="agreement"),
        path("agreements/<uuid:agreement_id>/ended/", guardians.agreement_ended, name="agreement_ended"),
        path("waiting/<uuid:disclosure_id>/", guardians.approval, name="approval"),
        path("waiting/<uuid:disclosure_id>/refused/", guardians.refusal, name="refusal"),
        path("disclosures/", guardians.disclosures, name="disclosures"),
        path("disclosures/<uuid:disclosure_id>/", guardians.receipt, name="receipt"),
        path("disclosures/<uuid:disclosure_id>/recalled/", guardians.recalled, name="recalled"),
        path("disclosures/<uuid:disclosure_id>/copies-gone/", guardians.copies_gone, name="copies_gone"),
        path("emergencies/", emergencies.reviews, name="emergencies"),
        path("emergencies/<uuid:emergency_id>/", emergencies.reviewed, name="emergency_review"),
    ],
    "reception": EMERGENCY,
    "support": [
        SHARE,
        path("people/<uuid:person_id>/share-health/", people.share_health, name="share_health"),
        path("people/<uuid:person_id>/alert/", people.alert, name="alert"),
        SHARED,
        *RECEIPTS,
        *REQUESTS,
        *EMERGENCY,
        *CALLS,
    ],
    "op_safety": [
        path("emergency/", emergencies.ask_for_address, name="emergency"),
        path("emergency/<uuid:emergency_id>/", emergencies.sight_of_address, name="emergency_sight"),
        *CALLS,
    ],
    "custody": CALLS,
    "criminal_investigation": [SHARE, SHARED, *RECEIPTS, *REQUESTS],
}
NAV = {
    "oversight": [("Sharing", "index"), ("What went and came", "disclosures"), ("Emergencies", "emergencies")],
    "reception": [("Emergency", "emergency")],
    "support": [("Requests", "requests"), ("Emergency", "emergency"), ("Calls", "calls")],
    "op_safety": [("Emergency", "emergency"), ("Calls", "calls")],
    "custody": [("Calls", "calls")],
    "criminal_investigation": [("Requests", "requests")],
}
