from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "wilberforce.agencies"
    label = "agencies"
