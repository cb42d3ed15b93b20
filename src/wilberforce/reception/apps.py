from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "wilberforce.reception"
    label = "reception"
