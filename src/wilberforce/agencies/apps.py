from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "wilberforce.agencies"
    label = "agencies"

    def ready(self) -> None:
        from wilberforce.base import hands

        from . import hooks, keys  # noqa: F401

        hands.posted_by(keys.posted_to)
