from django.apps import AppConfig


class IntelligenceConfig(AppConfig):
    name = "wilberforce.intelligence"
    label = "intelligence"
