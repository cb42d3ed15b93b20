from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "wilberforce.operations"
    label = "operations"

    def ready(self) -> None:
        from wilberforce.base.registries import Panel, add_panel

        from . import policy  # noqa: F401

        for name, cell in (("item", "intel:W"), ("suspect", "suspect:W")):
            add_panel(Panel(f"intelligence.{name}", (cell,), f"operations/adopt_{name}.html", lambda actor, ids: {}))
