"""The centre's addresses. A person's own page is that of the stage survivors, under the name ``person``."""

from django.urls import URLPattern, path

from . import views

WORKSPACES: dict[str, list[URLPattern]] = {
    "reception": [
        path("", views.index, name="index"),
        path("shift/", views.shift, name="shift"),
        path("centres/", views.centres, name="centres"),
        path("centre/<uuid:centre_id>/", views.centre, name="centre"),
        path("centre/<uuid:centre_id>/set-up/", views.set_up, name="set_up"),
        path("centre/<uuid:centre_id>/stock/", views.stock, name="stock"),
        path("centre/<uuid:centre_id>/close/", views.close, name="close"),
        path("centre/<uuid:centre_id>/find/", views.find, name="find"),
        path("centre/<uuid:centre_id>/register/", views.register, name="register"),
        path("centre/<uuid:centre_id>/register/<uuid:found_id>/", views.register_found, name="register_found"),
        path("here/<uuid:person_id>/", views.here, name="here"),
        path("here/<uuid:person_id>/needs/", views.needs, name="needs"),
        path("here/<uuid:person_id>/give/", views.give, name="give"),
        path("here/<uuid:person_id>/move/", views.move, name="move"),
        path("here/<uuid:person_id>/leave/", views.leave, name="leave"),
    ]
}
NAV = {"reception": [("The centre", "index"), ("My shift", "shift"), ("Centres", "centres")]}
