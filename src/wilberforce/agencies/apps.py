from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "wilberforce.agencies"
    label = "agencies"

    def ready(self) -> None:
        from . import hooks  # noqa: F401
