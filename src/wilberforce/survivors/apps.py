from django.apps import AppConfig


class SurvivorsConfig(AppConfig):
    name = "wilberforce.survivors"
    label = "survivors"

    def ready(self) -> None:
        from wilberforce.base.registries import add_follower

        from . import jobs, policy  # noqa: F401

        add_follower("survivors.look_for_same", jobs.look_later)
