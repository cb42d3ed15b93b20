from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "wilberforce.custody"
    label = "custody"

    def ready(self) -> None:
        from . import policy  # noqa: F401
