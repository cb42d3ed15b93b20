from django.apps import AppConfig


class StewardshipConfig(AppConfig):
    name = "wilberforce.stewardship"
    label = "stewardship"
