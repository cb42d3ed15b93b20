from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    name = "wilberforce.concerns"
    label = "concerns"

    def ready(self) -> None:
        from . import policy  # noqa: F401
