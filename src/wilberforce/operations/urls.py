from django.urls import URLPattern, path

from .views import day, orders, planning

WORKSPACES: dict[str, list[URLPattern]] = {
    "op_planning": [
        path("", planning.index, name="index"),
        path("new/", planning.new, name="plan_new"),
        path("<uuid:operation_id>/", planning.plan, name="plan"),
        path("<uuid:operation_id>/change/", planning.change, name="plan_change"),
        path("<uuid:operation_id>/order/", orders.order, name="order"),
        path("<uuid:operation_id>/order/part/", orders.write, name="order_write"),
        path("<uuid:operation_id>/order/issue/", orders.issue, name="order_issue"),
        path("order/copy/<uuid:brief_id>/", orders.copy, name="order_copy"),
        path("order/copy/<uuid:brief_id>/pdf/", orders.pdf, name="order_pdf"),
        path("order/part/<uuid:part_id>/", orders.change, name="order_change"),
        path("order/read/<uuid:brief_id>/", orders.read, name="order_read"),
        path("<uuid:operation_id>/add/<slug:what>/", planning.add, name="plan_add"),
        path("sites/<uuid:site_id>/<slug:what>/", planning.add_to_site, name="site_add"),
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
        path("units/<uuid:unit_id>/", day.unit, name="unit"),
        path("log/<uuid:entry_id>/", day.correct, name="log_correct"),
        path("sites/<uuid:site_id>/move/", day.move, name="site_move"),
        path("sites/<uuid:site_id>/hazard/", day.hazard, name="site_hazard"),
        path("sites/<uuid:site_id>/found/", day.found, name="site_found"),
        path("found/<uuid:found_id>/", day.send, name="found_send"),
        path("found/<uuid:found_id>/right/", day.put_right, name="found_right"),
    ],
}
NAV = {"op_planning": [("Plans and briefs", "index")], "op_safety": [("The day", "index")]}
