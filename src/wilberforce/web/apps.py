from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wilberforce.web"
    label = "web"

    def ready(self) -> None:
        from . import starting  # noqa: F401
