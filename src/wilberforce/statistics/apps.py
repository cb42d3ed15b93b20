from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "wilberforce.statistics"
    label = "statistics"
