from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "wilberforce.statistics"
    label = "statistics"

    def ready(self) -> None:
        from . import policy  # noqa: F401
