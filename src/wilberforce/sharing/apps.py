from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "wilberforce.sharing"
    label = "sharing"

    def ready(self) -> None:
        from wilberforce.base.registries import Panel, add_panel

        from . import panels, policy  # noqa: F401

        add_panel(Panel("survivors.person", ("person_ref:R",), "sharing/on_person.html", panels.on_person))
