from django.urls import URLPattern, path

from . import cases, views

WORKSPACES: dict[str, list[URLPattern]] = {
    "triage": [path("reports/<uuid:report_id>/item/", views.write_from_report, name="write_item")],
    "intelligence": [
        path("", views.index, name="index"),
        path("tell/", views.tell, name="tell"),
        path("tell/thanks/", views.told, name="told"),
        path("new/", views.new, name="new"),
        path("items/<uuid:item_id>/", views.item, name="item"),
        path("items/<uuid:item_id>/develop/", views.develop, name="develop"),
        path("suspects/", views.suspects, name="suspects"),
        path("suspects/new/", views.note, name="note"),
        path("suspects/<uuid:suspect_id>/", views.suspect, name="suspect"),
        path("suspects/<uuid:suspect_id>/correct/", views.correct, name="correct"),
        path("suspects/<uuid:suspect_id>/over/", views.over, name="over"),
        path("suspects/<uuid:suspect_id>/link/", views.tie, name="tie"),
        path("suspects/<uuid:suspect_id>/link/<uuid:link_id>/", views.untie, name="untie"),
    ],
    "criminal_investigation": [path("", cases.case, name="index")],
    "regulatory": [path("", cases.sent, name="index")],
}
NAV = {
    "intelligence": [("Items", "index"), ("People under suspicion", "suspects")],
    "criminal_investigation": [("Your cases", "index")],
    "regulatory": [("Sent to your agency", "index")],
}
