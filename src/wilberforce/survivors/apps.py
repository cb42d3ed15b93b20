from django.apps import AppConfig


class SurvivorsConfig(AppConfig):
    name = "wilberforce.survivors"
    label = "survivors"

    def ready(self) -> None:
        from wilberforce.base.registries import Panel, add_follower, add_panel

        from . import jobs, policy  # noqa: F401
        from .actions.people import until_when

        add_panel(Panel("agencies.access", (), "survivors/until_when.html", until_when))
        add_follower("survivors.look_for_same", jobs.look_later)
