from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "wilberforce.custody"
    label = "custody"
