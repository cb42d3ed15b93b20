"""The centre's addresses. A person's own page is that of the stage survivors, under the name ``person``."""

from django.urls import URLPattern, path

from .desk import urls as desk
from .views import centre as views
from .views import door, ending, house, interpreters, leaving, needs, premises, safety

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
        path("centre/<uuid:centre_id>/manifest/", door.manifest, name="manifest"),
        path("centre/<uuid:centre_id>/languages/", door.languages, name="languages"),
        path("centre/<uuid:centre_id>/cards/", door.cards, name="cards"),
        path("centre/<uuid:centre_id>/state/", house.turn, name="turn"),
        path("centre/<uuid:centre_id>/rooms/", house.rooms, name="rooms"),
        path("centre/<uuid:centre_id>/rooms/<uuid:room_id>/", house.room, name="room"),
        path("centre/<uuid:centre_id>/roster/", house.roster, name="roster"),
        path("centre/<uuid:centre_id>/roster/<uuid:membership_id>/off/", house.off_roster, name="off_roster"),
        path("centre/<uuid:centre_id>/checks/<slug:step>/", house.checks, name="checks"),
        path("centre/<uuid:centre_id>/queue/", safety.queue, name="queue"),
        path("centre/<uuid:centre_id>/worry/", safety.worry, name="worry"),
        path("centre/<uuid:centre_id>/times/", safety.reminders, name="reminders"),
        path("here/<uuid:person_id>/know/", needs.know, name="know"),
        path("here/<uuid:person_id>/know/<slug:step>/", needs.practical, name="practical"),
        path("here/<uuid:person_id>/story/<slug:step>/", needs.story, name="story"),
        path("here/<uuid:person_id>/health/<slug:step>/", needs.screening, name="screening"),
        path("here/<uuid:person_id>/interpreters/", interpreters.sessions, name="interpreters"),
        path("here/<uuid:person_id>/interpreters/<uuid:session_id>/", interpreters.session, name="session"),
        path("centre/<uuid:centre_id>/alike/", door.alike, name="alike"),
        path("centre/<uuid:centre_id>/debrief/", ending.debrief, name="debrief"),
        path("centre/<uuid:centre_id>/records/", ending.records, name="records"),
        path("centre/<uuid:centre_id>/welcome/<slug:step>/", ending.welcome, name="welcome"),
        path("centre/<uuid:centre_id>/recordings/<slug:step>/", ending.recordings, name="recordings"),
        path("centre/<uuid:centre_id>/feedback/<slug:step>/", ending.feedback, name="feedback"),
        path("recordings/<uuid:recording_id>/", ending.sound, name="sound"),
        path("here/<uuid:person_id>/tap/", safety.tap, name="tap"),
        path("here/<uuid:person_id>/bed/", house.bed, name="bed"),
        path("here/<uuid:person_id>/apart/", safety.apart, name="apart"),
        path("here/<uuid:person_id>/apart/<uuid:apart_id>/no-longer/", safety.no_longer_apart, name="no_longer_apart"),
        path("here/<uuid:person_id>/missing/", safety.missing, name="missing"),
        path("here/<uuid:person_id>/times/", safety.timed, name="timed"),
        path("here/<uuid:person_id>/times/<uuid:timed_id>/kept/", safety.time_kept, name="time_kept"),
        path("here/<uuid:person_id>/belongings/", leaving.belongings, name="belongings"),
        path("here/<uuid:person_id>/belongings/<uuid:bag_id>/", leaving.belonging, name="belonging"),
        path("here/<uuid:person_id>/belongings/<uuid:bag_id>/back/", leaving.given_back, name="given_back"),
        path("here/<uuid:person_id>/decide/", leaving.decide, name="decide"),
        path("here/<uuid:person_id>/card/", leaving.card, name="card"),
        path("here/<uuid:person_id>/card/print/", leaving.card_pdf, name="card_pdf"),
        path("here/<uuid:person_id>/leave/", leaving.leave, name="leave"),
        path("follow-ups/<uuid:centre_id>/", leaving.follow_ups, name="follow_ups"),
        path("follow-up/<uuid:follow_up_id>/", leaving.follow_up, name="follow_up"),
        path("follow-up/<uuid:follow_up_id>/done/", leaving.followed_up, name="followed_up"),
        *desk.RECEPTION,
    ],
    "op_planning": [
        path("premises/", premises.premises, name="premises"),
        path("premises/<uuid:premises_id>/", premises.place, name="place"),
        path("<uuid:operation_id>/where/", premises.centre_where, name="centre_where"),
    ],
}
NAV = {
    "reception": [("The centre", "index"), ("My shift", "shift"), ("Centres", "centres")],
    "op_planning": [("Places", "premises")],
}
OPEN = {"desk": desk.OPEN}
