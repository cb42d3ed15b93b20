from django.urls import URLPattern, path

from wilberforce.agencies import own_shift

from . import court_views, defence_views, unused_views, views

EXHIBITS = [
    path("exhibits/", views.exhibits, name="exhibits"),
    path("exhibits/new/", views.exhibit_new, name="exhibit_new"),
    path("exhibits/<uuid:exhibit_id>/", views.exhibit, name="exhibit"),
    path("exhibits/<uuid:exhibit_id>/right/", views.exhibit_correct, name="exhibit_correct"),
    path("exhibits/<uuid:exhibit_id>/hands/", views.exhibit_move, name="exhibit_move"),
]
WORKSPACES: dict[str, list[URLPattern]] = {
    "custody": [
        path("", views.index, name="index"),
        path("shift/", own_shift.custody, name="shift"),
        path("arrests/", views.waiting, name="arrests"),
        path("arrests/<uuid:arrest_id>/book-in/", views.book_in, name="book_in"),
        path("<uuid:detention_id>/", views.detention, name="detention"),
        path("<uuid:detention_id>/<slug:what>/", views.step, name="step"),
    ],
    "op_safety": [
        path("arrests/", views.arrests, name="arrests"),
        path("arrests/new/", views.arrest_new, name="arrest_new"),
        path("arrests/<uuid:arrest_id>/", views.arrest, name="arrest"),
        path("arrests/<uuid:arrest_id>/right/", views.arrest_correct, name="arrest_correct"),
        path("arrests/<uuid:arrest_id>/age/", views.arrest_age, name="arrest_age"),
        *EXHIBITS,
    ],
    "criminal_investigation": [
        *EXHIBITS,
        path("defence/", defence_views.listing, name="defences"),
        path("defence/<uuid:arrest_id>/", defence_views.one, name="defence"),
        path("defence/<uuid:arrest_id>/<slug:what>/", defence_views.weigh, name="weigh"),
        path("court/", court_views.listing, name="proceedings"),
        path("court/<uuid:arrest_id>/", court_views.one, name="proceeding"),
        path("court/<uuid:arrest_id>/next/", court_views.proceed, name="proceed"),
        path("unused/", unused_views.unused, name="unused"),
        path("unused/new/", unused_views.unused_new, name="unused_new"),
        path("unused/<uuid:unused_id>/", unused_views.unused_line, name="unused_line"),
        path("news/", views.news, name="news"),
        path("news/<uuid:news_id>/", views.telling, name="telling"),
    ],
}
NAV = {
    "custody": [("Detained now", "index"), ("Arrests to book in", "arrests"), ("My shift", "shift")],
    "op_safety": [("Arrests", "arrests"), ("Exhibits", "exhibits")],
    "criminal_investigation": [
        ("Exhibits", "exhibits"),
        ("The defence", "defences"),
        ("Charge and court", "proceedings"),
        ("Unused material", "unused"),
        ("What victims hear", "news"),
    ],
}
