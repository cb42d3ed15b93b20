from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WebConfig(AppConfig):
    name = "wilberforce.web"
    label = "web"

    def ready(self) -> None:
        """Every class table is known from the start: a command that opens no address must not leave one out."""
        from . import starting  # noqa: F401

        autodiscover_modules("policy")
