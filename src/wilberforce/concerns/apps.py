from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    name = "wilberforce.concerns"
    label = "concerns"
