from django.apps import AppConfig


class IntelligenceConfig(AppConfig):
    name = "wilberforce.intelligence"
    label = "intelligence"

    def ready(self) -> None:
        from wilberforce.base.registries import Panel, add_panel

        from . import policy  # noqa: F401

        add_panel(Panel("triage.report", ("intel:W",), "intelligence/from_report.html", lambda actor, ids: {}))
