from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "wilberforce.base"
    label = "base"
