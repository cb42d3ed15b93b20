"""Who may read what somebody told us, and who they are. Two classes that meet nowhere."""

from wilberforce.access.protect import Protected, protect

from .models import FormerReport, Message, Report, Source, SourceNote

REPORTS = protect(
    Protected(
        "report_raw",
        Report,
        subjects={"report": "id"},
        projections={
            "queue": ("received_at", "language", "priority", "state"),
            "own_thread": ("received_at", "state", "writer_key"),
        },
    )
)
FORMER_REPORTS = protect(Protected("report_raw", FormerReport, subjects={"report": "record_id"}))
MESSAGES = protect(
    Protected(
        "report_raw",
        Message,
        subjects={"report": "report_id"},
        projections={"own_thread": ("at", "from_desk", "body")},
    )
)
SOURCES = protect(
    Protected(
        "source",
        Source,
        subjects={"source": "id"},
        projections={"queue": ("received_at", "review_at", "ended_at")},
        reads_only=frozenset({"queue"}),
    )
)
SOURCE_NOTES = protect(Protected("source", SourceNote, subjects={"source": "source_id"}))
