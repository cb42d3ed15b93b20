from django.urls import URLPattern, path

from .phone import urls as phone
from .views import adopting, after, before, correcting, day, orders, people, planning

AFTER = [
    path("<uuid:operation_id>/debrief/", after.debrief, name="debrief"),
    path("<uuid:operation_id>/debrief/held/", after.held, name="debrief_held"),
]
WORKSPACES: dict[str, list[URLPattern]] = {
    "op_planning": [
        path("", planning.index, name="index"),
        path("new/", planning.new, name="plan_new"),
        path("<uuid:operation_id>/", planning.plan, name="plan"),
        path("<uuid:operation_id>/change/", planning.change, name="plan_change"),
        path("<uuid:operation_id>/before/", before.before, name="plan_before"),
        path("<uuid:operation_id>/intelligence/", adopting.stands_on, name="stands_on"),
        path("<uuid:operation_id>/sizing/", planning.sizing, name="sizing"),
        path("<uuid:operation_id>/rehearse/", planning.rehearse, name="rehearse"),
        path("<uuid:operation_id>/rehearse/end/", planning.end_rehearsal, name="rehearsal_end"),
        path("<uuid:operation_id>/order/", orders.order, name="order"),
        path("<uuid:operation_id>/order/part/", orders.write, name="order_write"),
        path("<uuid:operation_id>/order/issue/", orders.issue, name="order_issue"),
        path("order/copy/<uuid:brief_id>/", orders.copy, name="order_copy"),
        path("order/copy/<uuid:brief_id>/pdf/", orders.pdf, name="order_pdf"),
        path("order/part/<uuid:part_id>/", orders.change, name="order_change"),
        path("order/part/<uuid:part_id>/out/", orders.take_out, name="order_take_out"),
        path("order/read/<uuid:brief_id>/", orders.read, name="order_read"),
        path("<uuid:operation_id>/add/<slug:what>/", planning.add, name="plan_add"),
        path("sites/<uuid:site_id>/correct/", correcting.site, name="site_correct"),
        path("units/<uuid:unit_id>/correct/", correcting.unit, name="unit_correct"),
        path("partners/<uuid:partner_id>/", correcting.partner, name="partner"),
        path("sites/<uuid:site_id>/out/", correcting.site_out, name="site_out"),
        path("warrants/<uuid:warrant_id>/correct/", correcting.warrant, name="warrant_correct"),
        path("sites/<uuid:site_id>/<slug:what>/", planning.add_to_site, name="site_add"),
        *AFTER,
        path("contingencies/<uuid:contingency_id>/", planning.contingency, name="contingency"),
        path("contingencies/<uuid:contingency_id>/end/", correcting.contingency_end, name="contingency_end"),
        path("warrants/<uuid:warrant_id>/", planning.give_back, name="warrant_return"),
    ],
    "op_safety": [
        path("", day.index, name="index"),
        path("<uuid:operation_id>/", day.day, name="day"),
        path("<uuid:operation_id>/start/", day.start, name="start"),
        path("<uuid:operation_id>/close/", day.close, name="close"),
        path("<uuid:operation_id>/log/", day.log, name="log"),
        path("<uuid:operation_id>/decisions/", day.decisions, name="decisions"),
        path("<uuid:operation_id>/decisions/new/", day.decide, name="decide"),
        path("<uuid:operation_id>/timeline/", day.timeline, name="timeline"),
        *AFTER,
        path("units/<uuid:unit_id>/", day.unit, name="unit"),
        path("log/<uuid:entry_id>/", day.correct, name="log_correct"),
        path("sites/<uuid:site_id>/move/", day.move, name="site_move"),
        path("sites/<uuid:site_id>/hazard/", day.hazard, name="site_hazard"),
        path("sites/<uuid:site_id>/found/", people.found, name="site_found"),
        path("found/<uuid:found_id>/", people.send, name="found_send"),
        path("found/<uuid:found_id>/way/", people.way, name="way"),
        path("found/<uuid:found_id>/handover/", people.hand_over, name="hand_over"),
        path("found/<uuid:found_id>/standing/", people.classify, name="classify"),
        path("handovers/<uuid:handover_id>/", people.receive, name="receive"),
        path("handovers/<uuid:handover_id>/undo/", people.undo, name="handover_undo"),
        path("<uuid:operation_id>/checks/", people.checks, name="checks"),
        path("<uuid:operation_id>/methane/", day.methane, name="methane"),
        path("decisions/<uuid:decision_id>/", day.redecide, name="redecide"),
        path("worries/<uuid:worry_id>/", day.worry, name="worry"),
        path("found/<uuid:found_id>/right/", people.put_right, name="found_right"),
        *phone.DAY,
    ],
    "intelligence": [
        path("asked/", people.asked, name="asked"),
        path("asked/<uuid:check_id>/", people.answer, name="answer"),
        path("items/<uuid:item_id>/operation/", adopting.item, name="adopt_item"),
        path("suspects/<uuid:suspect_id>/operation/", adopting.suspect, name="adopt_suspect"),
    ],
    **{
        purpose: [
            path("brought/", people.brought, name="brought"),
            path("brought/<uuid:handover_id>/", people.arrived, name="arrived"),
        ]
        for purpose in ("reception", "custody")
    },
}
OPEN = {"open": phone.OPEN}
NAV = {
    "op_planning": [("Plans and briefs", "index")],
    "op_safety": [("The day", "index")],
    "intelligence": [("Asked from a site", "asked")],
    "reception": [("Being brought", "brought")],
    "custody": [("Being brought", "brought")],
}
