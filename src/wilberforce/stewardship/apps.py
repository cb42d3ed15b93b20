from django.apps import AppConfig


class StewardshipConfig(AppConfig):
    name = "wilberforce.stewardship"
    label = "stewardship"

    def ready(self) -> None:
        from wilberforce.base.registries import add_follower

        from . import actions

        add_follower("sharing.own_data_asked", actions.hold_what_was_asked_for)
        add_follower("sharing.own_data_answered", actions.let_go_what_was_asked_for)
