from django.urls import URLPattern, path

from wilberforce.ledger.pages import page

from .views import access_requests as access
from .views import emergencies, guardians, outside, people
from .views import receipts as proofs
from .views import victim_requests as victims

SHARE = path("people/<uuid:person_id>/share/", people.share, name="share")
SHARED = path("people/<uuid:person_id>/shared/", people.shared, name="shared")
SHARE_HEALTH = path("people/<uuid:person_id>/share-health/", people.share_health, name="share_health")


def _packs(*more: str, letters: tuple[str, ...] = ()) -> list[URLPattern]:
    """``more``, ``letters``: what only this workspace's rules let out, and what goes by letter."""
    begins, holds = page(*people.SHARES, *more), page(*people.SHARES, *more, *letters)
    return [
        path("people/<uuid:person_id>/outside/", begins(outside.send), name="send_outside"),
        path("disclosures/<uuid:disclosure_id>/pack/", holds(outside.pack), name="pack"),
        path("disclosures/<uuid:disclosure_id>/pack.age", holds(outside.pack_file), name="pack_file"),
        path("disclosures/<uuid:disclosure_id>/handed/", holds(outside.handed), name="handed"),
    ]


RECEIPTS = [
    path("disclosures/<uuid:disclosure_id>/", people.receipt, name="receipt"),
    path("disclosures/<uuid:disclosure_id>/recalled/", people.recalled, name="recalled"),
    path("disclosures/<uuid:disclosure_id>/proof/", proofs.proof, name="receipt_proof"),
    path("disclosures/<uuid:disclosure_id>/receipt.json", proofs.file, name="receipt_file"),
]


def _requests(*more: str) -> list[URLPattern]:
    """``more``: what else could be the answer in this workspace."""
    sees = page(*people.SEES, *people.SHARES, *more)
    return [
        path("people/<uuid:person_id>/request/", people.ask, name="request_for"),
        path("requests/", sees(people.requests), name="requests"),
        path("requests/<uuid:request_id>/", sees(people.asked), name="request"),
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
ALARMS = [
    path("alarms/", emergencies.alarms, name="alarms"),
    path("alarms/<uuid:alarm_id>/", emergencies.alarm_seen, name="alarm_seen"),
]
VICTIM = "victim-requests/"
ONE_VICTIM = f"{VICTIM}<uuid:victim_request_id>/"
OF_CASE = [
    path(VICTIM, victims.listing, name="victim_requests"),
    path(f"{VICTIM}new/", victims.ask, name="victim_request_ask"),
    path(ONE_VICTIM, victims.one, name="victim_request"),
    path(f"{ONE_VICTIM}records/", victims.opened, name="victim_request_opened"),
    path(f"{ONE_VICTIM}given/", victims.given, name="victim_request_given"),
    path(f"{ONE_VICTIM}letter/", victims.letter, name="victim_request_letter"),
    path(f"{ONE_VICTIM}answered/", victims.answered, name="victim_request_answered"),
    path(f"{ONE_VICTIM}may-go/", victims.may_go, name="victim_request_may_go"),
]
OF_KEEPER = [
    path(VICTIM, victims.listing_of_keeper, name="victim_requests"),
    path(ONE_VICTIM, victims.kept, name="victim_request"),
    path(f"{ONE_VICTIM}notice/", victims.notice, name="victim_request_notice"),
    path(f"{ONE_VICTIM}told/", victims.told, name="victim_request_told"),
    path(f"{ONE_VICTIM}excused/", victims.excused, name="victim_request_excused"),
    path(f"{ONE_VICTIM}chosen/", victims.chosen, name="victim_request_chosen"),
    path(f"{ONE_VICTIM}refused/", victims.refused, name="victim_request_refused"),
]

WORKSPACES: dict[str, list[URLPattern]] = {
    "oversight": [
        path("", guardians.index, name="index"),
        path("agreements/", guardians.agreements, name="agreements"),
        path("agreements/new/", guardians.propose, name="propose"),
        path("agreements/<uuid:agreement_id>/", guardians.agreement, name="agreement"),
        path("agreements/<uuid:agreement_id>/right/", guardians.agreement_right, name="agreement_right"),
        path("agreements/<uuid:agreement_id>/again/", guardians.agreement_again, name="agreement_again"),
        path("agreements/<uuid:agreement_id>/ended/", guardians.agreement_ended, name="agreement_ended"),
        path("waiting/<uuid:disclosure_id>/", guardians.approval, name="approval"),
        path("waiting/<uuid:disclosure_id>/refused/", guardians.refusal, name="refusal"),
        path("disclosures/", guardians.disclosures, name="disclosures"),
        path("disclosures/<uuid:disclosure_id>/", guardians.receipt, name="receipt"),
        path("disclosures/<uuid:disclosure_id>/recalled/", guardians.recalled, name="recalled"),
        path("disclosures/<uuid:disclosure_id>/proof/", proofs.proof_of_guardian, name="receipt_proof"),
        path("disclosures/<uuid:disclosure_id>/receipt.json", proofs.file_of_guardian, name="receipt_file"),
        path("disclosures/<uuid:disclosure_id>/copies-gone/", guardians.copies_gone, name="copies_gone"),
        path("disclosures/<uuid:disclosure_id>/pack/", outside.pack_of_guardian, name="pack"),
        path("disclosures/<uuid:disclosure_id>/told/", outside.holder_told, name="holder_told"),
        path("agreements/<uuid:agreement_id>/paper/", guardians.agreement_on_paper, name="agreement_on_paper"),
        path("outside/", outside.outsiders, name="outsiders"),
        path("outside/new/", outside.outsider_new, name="outsider_new"),
        path("outside/<uuid:outsider_id>/", outside.outsider, name="outsider"),
        path("outside/<uuid:outsider_id>/right/", outside.outsider_right, name="outsider_right"),
        path("outside/<uuid:outsider_id>/ended/", outside.outsider_ended, name="outsider_ended"),
        path("outside/<uuid:outsider_id>/agreement/", outside.outsider_agreement, name="outsider_agreement"),
        path("access-requests/", access.listing, name="access_requests"),
        path("access-requests/<uuid:access_request_id>/", access.one, name="access_request"),
        path("access-requests/<uuid:access_request_id>/copy/", access.copy, name="access_copy"),
        path("emergencies/", emergencies.reviews, name="emergencies"),
        path("emergencies/<uuid:emergency_id>/", emergencies.reviewed, name="emergency_review"),
    ],
    "reception": [*EMERGENCY, *ALARMS],
    "nrm": [SHARE_HEALTH, SHARED, *_packs(*outside.HEALTH), *RECEIPTS, *ALARMS],
    "support": [
        SHARE,
        SHARE_HEALTH,
        path("people/<uuid:person_id>/alert/", people.alert, name="alert"),
        *_packs(*outside.HEALTH, letters=outside.LETTERS),
        SHARED,
        *RECEIPTS,
        *_requests(*outside.HEALTH),
        *EMERGENCY,
        *CALLS,
        *OF_KEEPER,
        *ALARMS,
    ],
    "op_planning": [
        path(VICTIM, victims.listing_of_commander, name="victim_requests"),
        path(ONE_VICTIM, victims.approved, name="victim_request"),
    ],
    "op_safety": [
        path("emergency/", emergencies.ask_for_address, name="emergency"),
        path("emergency/<uuid:emergency_id>/", emergencies.sight_of_address, name="emergency_sight"),
        *CALLS,
    ],
    "custody": [
        *CALLS,
        path(VICTIM, victims.listing_of_reviewer, name="victim_requests"),
        path(ONE_VICTIM, victims.approved_by_reviewer, name="victim_request"),
    ],
    "criminal_investigation": [SHARE, SHARED, *_packs(letters=outside.LETTERS), *RECEIPTS, *_requests(), *OF_CASE],
}
NAV = {
    "oversight": [
        ("Sharing", "index"),
        ("What went and came", "disclosures"),
        ("Emergencies", "emergencies"),
        ("Own data", "access_requests"),
    ],
    "reception": [("Emergency", "emergency"), ("Alarms", "alarms")],
    "nrm": [("Alarms", "alarms")],
    "support": [
        ("Requests", "requests"),
        ("Police ask", "victim_requests"),
        ("Emergency", "emergency"),
        ("Calls", "calls"),
    ],
    "op_safety": [("Emergency", "emergency"), ("Calls", "calls"), ("Alarms", "alarms")],
    "op_planning": [("Victims' records", "victim_requests")],
    "custody": [("Calls", "calls"), ("Victims' records", "victim_requests")],
    "criminal_investigation": [("Requests", "requests"), ("Victims' records", "victim_requests")],
}
