from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "wilberforce.custody"
    label = "custody"

    def ready(self) -> None:
        from wilberforce.base.registries import Panel, add_panel

        from . import board, policy, register  # noqa: F401

        box, line = "custody/on_the_day.html", "custody/at_site.html"
        add_panel(Panel("operations.day", ("suspect:R:arrest",), box, board.on_the_day, line))
        add_panel(Panel("operations.timeline", ("suspect:R:arrest",), "", board.on_the_timeline))
        theirs = ("suspect:R:exhibit",)
        add_panel(Panel("operations.way", theirs, "custody/exhibits_of.html", register.of_person))
