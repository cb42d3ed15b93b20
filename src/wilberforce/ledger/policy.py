"""Who may read the ledger: class audit. Leaves are added by every door, so adding needs no grant."""

from wilberforce.access.protect import Protected, protect

from .models import Leaf

LEAVES = protect(
    Protected(
        "audit",
        Leaf,
        subjects={"record": "id"},
        projections={
            "own_agency_entries": (
                "at", "op", "actor", "role", "purpose", "subject_class", "action", "projection", "rule", "allowed",
                "objects_seen",
            ),
            "verify_status": ("at",),
        },
        writes="append",
    )
)  # fmt: skip
