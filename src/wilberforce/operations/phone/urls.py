"""The shell and its worker below one path, what a phone asks, and the pages beside the board."""

from django.urls import URLPattern, path

from . import pages, views

OPEN: list[URLPattern] = [
    path("site/", views.shell, name="site_shell"),
    path("site/worker.js", views.worker, name="site_worker"),
    path("site/manifest.webmanifest", views.manifest, name="site_manifest"),
    path("site/v1/hello", views.hello, name="site_hello"),
    path("site/v1/sync", views.take_rows, name="site_sync"),
    path("site/v1/unlock", views.unlock, name="site_unlock"),
    path("site/v1/picture", views.picture, name="site_picture"),
    path("site/v1/close", views.close_down, name="site_close"),
]
DAY: list[URLPattern] = [
    path("phone/seat/", views.sit_down, name="phone_seat"),
    path("sites/<uuid:site_id>/phones/", pages.of_site, name="phones"),
    path("<uuid:operation_id>/waiting/", pages.waiting_here, name="waiting"),
]
