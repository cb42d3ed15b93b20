from django.apps import AppConfig


class SurvivorsConfig(AppConfig):
    name = "wilberforce.survivors"
    label = "survivors"
