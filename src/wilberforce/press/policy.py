"""Who may: the commander cuts, the writer writes from the cut alone, two of two agencies let it out."""

from wilberforce.access.protect import Protected, protect

from .models import Approval, Bulletin, FactSheet, FormerBulletin, Guard, Picture, Subscriber

WAITING = "id = ANY (ARRAY(SELECT press_pending()))"
NOT_MINE = "NOT ARRAY[drafted_by, cut_by] && ARRAY(SELECT agencies_my_seats())"
RELEASED = "released_at <= (SELECT access_now()) AND withdrawn_at IS NULL"

PICTURED = ("picture_id", "picture_alt", "picture_width", "picture_height", "picture_bytes")

FACT_SHEETS = protect(
    Protected(
        "release",
        FactSheet,
        subjects={"operation": "operation_id", "agency": "controller_id"},
        projections={
            "fact_sheet": (
                "operation_id", "cut_by", "cut_at", "facts", "places", "counts", "arrested_ages", "doors_in",
                "ended_at", "why_ended",
            )
        },
    )
)  # fmt: skip

GUARDS = protect(
    Protected(
        "release",
        Guard,
        subjects={"operation": "operation_id", "agency": "controller_id"},
        projections={"fact_sheet": ("operation_id", "names", "streets", "centre")},
    )
)

BULLETINS = protect(
    Protected(
        "release",
        Bulletin,
        subjects={"release": "id", "operation": "operation_id", "agency": "controller_id"},
        projections={
            "draft": (
                "address", "operation_id", "fact_sheet_id", "cut_by", "drafted_by", "drafted_at", "title", "text",
                "submitted_at", "embargo_until", "released_at", "withdrawn_at", "corrects", "correction",
                "first_released_at", *PICTURED,
            ),
            "published": ("address", "title", "text", "correction", "released_at", "first_released_at", *PICTURED),
        },
        facts={"pending": WAITING, "different_person": NOT_MINE, "released": RELEASED},
    )
)  # fmt: skip

FORMER_BULLETINS = protect(
    Protected(
        "release",
        FormerBulletin,
        subjects={"release": "record_id", "operation": "operation_id", "agency": "controller_id"},
        projections={
            "draft": (
                "operation_id", "drafted_by", "cut_by", "record_id", "record_version", "replaced_at", "replaced_by",
                "was", "why",
            ),
        },
        facts={"pending": "record_id = ANY (ARRAY(SELECT press_pending()))", "different_person": NOT_MINE},
    )
)  # fmt: skip

PICTURES = protect(
    Protected(
        "release",
        Picture,
        subjects={"release": "bulletin_id", "agency": "controller_id"},
        projections={"draft": ("bulletin_id", "jpeg"), "published": ("jpeg",)},
        facts={
            "pending": "bulletin_id = ANY (ARRAY(SELECT press_pending()))",
            "different_person": "bulletin_id = ANY (ARRAY(SELECT press_not_mine()))",
            "released": "id = ANY (ARRAY(SELECT press_pictures_out()))",
        },
    )
)

APPROVALS = protect(
    Protected(
        "release",
        Approval,
        subjects={"release": "bulletin_id", "agency": "controller_id"},
        projections={"draft": ("bulletin_id", "bulletin_version", "membership_id", "yes", "reason", "at")},
        facts={
            "own_agency": "bulletin_id = ANY (ARRAY(SELECT press_own_drafts()))",
            "pending": "bulletin_id = ANY (ARRAY(SELECT press_pending()))",
            "different_person": "bulletin_id = ANY (ARRAY(SELECT press_not_mine()))"
            " AND membership_id = (SELECT ctx_membership()) AND controller_id = (SELECT ctx_agency())",
        },
        writes="A",
    )
)

SUBSCRIBERS = protect(
    Protected(
        "subscriber",
        Subscriber,
        subjects={"record": "id"},
        projections={
            "request": ("address", "area", "frequency", "language", "asked_at"),
            "own_subscription": ("area", "frequency", "asked_at", "confirmed_at", "ended_at"),
        },
    )
)
