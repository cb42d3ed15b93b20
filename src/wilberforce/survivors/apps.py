from django.apps import AppConfig


class SurvivorsConfig(AppConfig):
    name = "wilberforce.survivors"
    label = "survivors"

    def ready(self) -> None:
        from . import policy  # noqa: F401
