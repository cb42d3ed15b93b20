"""The desk's addresses: the shell and its worker below one path, what a tablet asks, and the manager's pages."""

from django.urls import URLPattern, path

from . import pages, views

OPEN: list[URLPattern] = [
    path("desk/", views.desk, name="tablet_shell"),
    path("desk/worker.js", views.worker, name="tablet_worker"),
    path("desk/manifest.webmanifest", views.manifest, name="tablet_manifest"),
    path("desk/v1/hello", views.hello, name="tablet_hello"),
    path("desk/v1/sync", views.take_events, name="tablet_sync"),
    path("desk/v1/unlock", views.unlock, name="tablet_unlock"),
    path("desk/v1/people", views.people, name="tablet_people"),
    path("desk/v1/chunk", views.take_piece, name="tablet_chunk"),
    path("desk/v1/held", views.held, name="tablet_held"),
    path("desk/v1/close", views.close_down, name="tablet_close"),
]
RECEPTION: list[URLPattern] = [
    path("desk/seat/", views.sit_down, name="sit_down"),
    path("centre/<uuid:centre_id>/tablets/", pages.tablets_here, name="tablets"),
    path("centre/<uuid:centre_id>/shift-cards/", pages.shift_cards, name="shift_cards"),
    path("centre/<uuid:centre_id>/from-paper/", pages.from_paper, name="from_paper"),
    path("centre/<uuid:centre_id>/sheets/", pages.paper_pack, name="paper_pack"),
    path("here/<uuid:person_id>/answers/", pages.answers_of, name="answers"),
    path("here/<uuid:person_id>/pictures/", pages.pictures_of, name="pictures"),
    path("here/<uuid:person_id>/pictures/<uuid:picture_id>/", pages.picture, name="picture"),
    path("centre/<uuid:centre_id>/parked/", pages.parked_here, name="parked"),
]
