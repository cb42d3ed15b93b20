"""Who may read and write intelligence and suspicion."""

from wilberforce.access.protect import Protected, protect

from .models import FormerItem, FormerSuspect, Item, Link, SuspectEntry

HANDLING_OK = (
    "handling = 'P' OR controller_id = (SELECT ctx_agency()) OR (SELECT ctx_agency()) = ANY (handling_agencies)"
)
OF_THE_OPERATION = "operation_id = ANY (ARRAY(SELECT fact_case_member()))"
FACTS = {"handling_ok": HANDLING_OK, "case_member": OF_THE_OPERATION}
SUBJECTS = {"record": "id", "operation": "operation_id", "agency": "controller_id"}

ITEMS = protect(
    Protected(
        "intel",
        Item,
        subjects=SUBJECTS,
        projections={
            "business_and_suspect": ("text", "source_grade", "assessment", "handling", "conditions"),
            "material_reference": ("recorded_at", "operation_id"),
            "outgoing_preview": ("text", "source_grade", "assessment", "handling", "conditions"),
        },
        facts=FACTS,
    )
)
SUSPECTS = protect(
    Protected(
        "suspect",
        SuspectEntry,
        subjects=SUBJECTS,
        projections={
            "business_and_suspect": ("name", "description", "ages_known", "functions"),
            "material_reference": ("recorded_at", "operation_id"),
            "outgoing_preview": ("name", "description", "ages_known", "functions"),
        },
        facts=FACTS,
    )
)
LINKS = protect(Protected("suspect", Link, subjects=SUBJECTS, facts=FACTS))
OF_FORMER = {"record": "record_id", "operation": "operation_id", "agency": "controller_id"}
FORMER_ITEMS = protect(Protected("intel", FormerItem, subjects=OF_FORMER, facts=FACTS))
FORMER_SUSPECTS = protect(Protected("suspect", FormerSuspect, subjects=OF_FORMER, facts=FACTS))
