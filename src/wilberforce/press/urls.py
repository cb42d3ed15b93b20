from django.urls import URLPattern, path

from . import views

WORKSPACES: dict[str, list[URLPattern]] = {
    "public_info": [
        path("", views.index, name="index"),
        path("operations/<uuid:operation_id>/fact-sheet/", views.cut, name="cut"),
        path("fact-sheets/<uuid:sheet_id>/", views.sheet, name="sheet"),
        path("fact-sheets/<uuid:sheet_id>/doors/", views.doors_in, name="doors_in"),
        path("fact-sheets/<uuid:sheet_id>/draft/", views.draft, name="draft"),
        path("bulletins/<uuid:bulletin_id>/", views.bulletin, name="bulletin"),
        path("bulletins/<uuid:bulletin_id>/send/", views.submit, name="submit"),
        path("bulletins/<uuid:bulletin_id>/picture/", views.illustrate, name="illustrate"),
        path("bulletins/<uuid:bulletin_id>/picture/away/", views.without_picture, name="without_picture"),
        path("bulletins/<uuid:bulletin_id>/correct/", views.correct, name="correct"),
        path("bulletins/<uuid:bulletin_id>/withdraw/", views.withdraw, name="withdraw"),
        path("pictures/<uuid:picture_id>/", views.picture, name="picture"),
        path("bulletins/<uuid:bulletin_id>/answer/", views.answer, name="answer"),
    ]
}

PUBLIC: dict[str, list[URLPattern]] = {
    "public_info": [
        path("news/", views.news, name="news"),
        path("news/feed/", views.feed, name="feed"),
        path("news/pictures/<uuid:picture>/", views.published_picture, name="bulletin_picture"),
        path("news/updates/", views.updates, name="updates"),
        path("news/updates/<str:code>/", views.confirm, name="updates_confirm"),
        path("news/updates/<str:code>/leave/", views.leave, name="updates_leave"),
        path("news/<uuid:address>/", views.published, name="bulletin"),
    ]
}

NAV = {"public_info": [("Bulletins", "index")]}
