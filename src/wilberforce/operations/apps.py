from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "wilberforce.operations"
    label = "operations"

    def ready(self) -> None:
        from . import policy  # noqa: F401
