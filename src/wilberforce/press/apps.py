from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "wilberforce.press"
    label = "press"

    def ready(self) -> None:
        from . import policy  # noqa: F401
