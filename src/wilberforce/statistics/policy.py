"""Who may see figures: analysts and guardians what is safe, the public what two agencies have let out."""

from wilberforce.access.protect import Protected, protect

from .models import Figure, Quarter, Yes

RELEASED = "ANY (ARRAY(SELECT statistics_released()))"

QUARTERS = protect(
    Protected(
        "statistic",
        Quarter,
        subjects={"agency": "controller_id"},
        facts={"k10": "enough", "released": f"enough AND id = {RELEASED}"},
    )
)
FIGURES = protect(
    Protected(
        "statistic",
        Figure,
        subjects={"agency": "controller_id"},
        facts={"k10": "(shown IS NULL OR shown >= 5 AND mod(shown, 5) = 0)", "released": f"quarter_id = {RELEASED}"},
    )
)
YESES = protect(
    Protected(
        "statistic",
        Yes,
        subjects={"agency": "controller_id"},
        facts={
            "k10": "quarter_id IN (SELECT q.id FROM statistics_quarter q WHERE q.enough)",
            "released": "false",
        },
        writes="A",
    )
)
