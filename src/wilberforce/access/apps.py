from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "wilberforce.access"
    label = "access"
