from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "wilberforce.deadlines"
    label = "deadlines"
