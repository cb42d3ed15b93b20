from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "wilberforce.sharing"
    label = "sharing"
