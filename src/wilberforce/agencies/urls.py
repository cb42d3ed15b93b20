from django.urls import URLPattern

WORKSPACES: dict[str, list[URLPattern]] = {}
