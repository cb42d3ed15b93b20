from django.urls import URLPattern, path

from . import keepers, views

PUBLIC: dict[str, list[URLPattern]] = {
    "triage": [
        path("report/", views.tell, name="tell"),
        path("report/again/", views.again, name="tell_again"),
    ]
}
WORKSPACES: dict[str, list[URLPattern]] = {
    "triage": [
        path("", views.index, name="index"),
        path("tell/", views.take, name="take"),
        path("tell/thanks/", views.taken, name="taken"),
        path("reports/<uuid:report_id>/", views.report, name="report"),
        path("reports/<uuid:report_id>/take/", views.claim, name="claim"),
        path("reports/<uuid:report_id>/close/", views.close, name="close"),
        path("reports/<uuid:report_id>/put-back/", views.put_back, name="put_back"),
        path("reports/<uuid:report_id>/answer/", views.reply, name="reply"),
    ],
    "intelligence": [
        path("sources/", keepers.sources, name="sources"),
        path("sources/<uuid:source_id>/", keepers.source, name="source"),
        path("sources/<uuid:source_id>/take/", keepers.take, name="source_take"),
        path("sources/<uuid:source_id>/put-back/", keepers.put_back, name="source_put_back"),
        path("sources/<uuid:source_id>/correct/", keepers.correct, name="source_correct"),
    ],
}
NAV = {"triage": [("Reports", "index")], "intelligence": [("Who told us", "sources")]}
