from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "wilberforce.press"
    label = "press"
