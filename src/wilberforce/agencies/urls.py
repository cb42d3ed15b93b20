"""Signing in and who works here. Of the sign-in libraries only the pages that we use have an address."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from . import canaries, caps, mine, own_key, people, places, views, watching

SIGN_IN: list[URLPattern | URLResolver] = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    path("sign-in/again/", views.step_up, name="account_step_up"),
    path("sign-in/password-again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/password/", account.password_change, name="account_change_password"),
    path("sign-in/password/none/", views.no_password, name="account_set_password"),
    path("sign-in/by-invitation/", views.no_sign_up, name="account_signup"),
    path("sign-in/proof/", include("allauth.mfa.urls")),
    path("sign-in/sessions/", views.sessions, name="account_sessions"),
    path("sign-in/agency/", views.work_for, name="account_agency"),
    path("sign-in/access/", mine.access, name="account_access"),
    path("sign-in/reads/", mine.reads, name="account_reads"),
    path("sign-in/own-key/", own_key.own_key, name="account_own_key"),
    path("sign-in/leave/", mine.leave, name="account_leave"),
    path("sign-in/links/", mine.conflicts, name="account_conflicts"),
    path("sign-in/forgotten/", views.forgotten, name="account_reset_password"),
    path("sign-in/device/", views.device, name="account_device"),
    path("sign-in/device/<uuid:pk>/lost/", views.device_lost, name="account_device_lost"),
    path("join/<str:token>/", views.join, name="join"),
    path("back/<str:token>/", views.way_back, name="way_back"),
    path("people/", people.everybody, name="account_people"),
    path("people/invite/", people.invite, name="account_people_invite"),
    path("people/not-us/", people.block, name="account_people_block"),
    path("people/waiting/<uuid:pk>/", people.answer, name="account_people_answer"),
    path("people/invited/<uuid:pk>/", people.invited, name="account_people_invited"),
    path("people/areas/", places.everywhere, name="account_areas"),
    path("people/areas/new/", places.make, name="account_area_make"),
    path("people/areas/<uuid:pk>/", places.one, name="account_area"),
    path("people/areas/<uuid:pk>/correct/", places.correct, name="account_area_correct"),
    path("people/areas/<uuid:pk>/end/", places.end, name="account_area_end"),
    path("people/areas/asked/<uuid:pk>/", places.answer, name="account_area_answer"),
    path("people/<uuid:pk>/", people.one, name="account_people_one"),
    path("demo/", views.demo_cast, name="demo"),
    path("demo/renew/", views.demo_renew, name="demo_renew"),
    path("demo/<uuid:pk>/", views.demo_sign_in, name="demo_sign_in"),
]

OPEN = {"sign-in": SIGN_IN}
WORKSPACES: dict[str, list[URLPattern]] = {
    "oversight": [
        path("seen/", watching.seen, name="seen"),
        path("odd/", watching.odd, name="odd"),
        path("caps/", caps.caps, name="caps"),
        path("canaries/", canaries.canaries, name="canaries"),
        path("keys/", own_key.decided, name="keys"),
    ]
}
NAV = {
    "oversight": [
        ("Who saw whom", "seen"),
        ("What looks odd", "odd"),
        ("Caps", "caps"),
        ("Canaries", "canaries"),
        ("Keys of readers", "keys"),
    ]
}
