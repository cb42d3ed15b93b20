from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "wilberforce.operations"
    label = "operations"
