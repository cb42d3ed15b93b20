from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "wilberforce.sharing"
    label = "sharing"

    def ready(self) -> None:
        from wilberforce.base.registries import Panel, add_follower, add_panel

        from . import panels, policy, withdrawals  # noqa: F401

        add_panel(Panel("survivors.person", ("person_ref:R",), "sharing/on_person.html", panels.on_person))
        add_panel(Panel("survivors.withdraw", ("consent:W",), "sharing/rests_on.html", withdrawals.rests_on))
        add_follower("survivors.withdraw", withdrawals.stop)
