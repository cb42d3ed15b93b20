from django.apps import AppConfig

from wilberforce.base.registries import Panel, add_blocker, add_panel


class ReceptionConfig(AppConfig):
    name = "wilberforce.reception"
    label = "reception"

    def ready(self) -> None:
        from . import actions, board
        from .desk import policy  # noqa: F401 - its tables are protected before anybody asks

        add_panel(Panel("operations.day", ("centre:R:head_count",), "reception/head_count.html", board.head_counts))
        plan = ("operation:R:premises",)
        add_panel(Panel("operations.plan", plan, "reception/from_plan.html", lambda actor, ids: {}))
        add_blocker("survivors.answer", actions.not_yet_decide)
