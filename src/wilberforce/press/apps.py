from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "wilberforce.press"
    label = "press"

    def ready(self) -> None:
        from wilberforce.base.registries import Panel, add_follower, add_panel

        from . import jobs, policy  # noqa: F401

        add_follower("press.ask_for_updates", jobs.write_to_new_subscriber)
        add_follower("press.leave", jobs.forget_who_left)
        add_panel(Panel("operations.plan", ("release:W:fact_sheet",), "press/from_plan.html", lambda actor, ids: {}))
