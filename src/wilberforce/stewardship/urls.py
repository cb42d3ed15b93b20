from django.urls import URLPattern, path

from . import views

WORKSPACES: dict[str, list[URLPattern]] = {
    "oversight": [
        path("retention/", views.retention, name="retention"),
        path("retention/hold/", views.hold, name="hold"),
        path("retention/hold/<uuid:hold_id>/again/", views.look_again, name="look_again"),
        path("retention/hold/<uuid:hold_id>/ended/", views.end_hold, name="end_hold"),
        path("retention/begun/<uuid:review_id>/", views.erase, name="erase"),
        path("retention/<slug:data_class>/<uuid:subject_id>/", views.record, name="over"),
        path("retention/<slug:data_class>/<uuid:subject_id>/erase/", views.begin_erasure, name="begin_erasure"),
        path("papers/", views.papers, name="papers"),
        path("papers/<uuid:paper_id>/", views.paper, name="paper"),
        path("breaches/", views.breaches, name="breaches"),
        path("breaches/<uuid:breach_id>/told/", views.told, name="told"),
    ]
}
NAV = {"oversight": [("What is over", "retention"), ("Papers", "papers"), ("Breaches", "breaches")]}
