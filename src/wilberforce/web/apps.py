from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wilberforce.web"
    label = "web"
