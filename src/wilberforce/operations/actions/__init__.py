"""What can happen: an operation is planned, its sites are prepared, its day is lived and its log is kept."""

from .adopting import adopt_item, adopt_suspect
from .after import add_lesson, correct_debrief, hold_debrief, seen_by
from .checks import answer_site, ask_desk
from .command import COMMANDS, end_command, name_bronze, name_commander
from .contingencies import no_longer_plan, plan_for, plan_otherwise
from .correcting import correct_site, correct_warrant, put_site_back, take_site_out
from .day import close, go_live, move_site, note_hazard, stand_down
from .handovers import classify, hand_over, receive, undo_handover
from .log import correct_decision, correct_entry, decide, log
from .orders import change_part, issue_order, read_order, take_out, write_part
from .people import correct_found, record_found, send_to
from .planning import (
    ON_CASE,
    ON_ROSTER,
    ask_partner,
    case_team,
    change_plan,
    correct_partner,
    join_roster,
    leave_case,
    leave_roster,
    partner_answers,
    plan,
    withdraw_brief,
    write_brief,
)
from .reception import (
    link_called,
    link_centre,
    make_ready_otherwise,
    pass_safety_worry,
    read_worry,
    tell_centre_address,
    unlink_centre,
    worries_told,
)
from .rehearsal import end_rehearsal, rehearse
from .sites import add_site, add_warrant, ask_host, record_host_agreement, return_warrant
from .units import add_unit, correct_unit, say

__all__ = [
    "COMMANDS",
    "ON_CASE",
    "ON_ROSTER",
    "add_lesson",
    "add_site",
    "add_unit",
    "add_warrant",
    "adopt_item",
    "adopt_suspect",
    "answer_site",
    "ask_desk",
    "ask_host",
    "ask_partner",
    "case_team",
    "change_part",
    "change_plan",
    "classify",
    "close",
    "correct_debrief",
    "correct_decision",
    "correct_entry",
    "correct_found",
    "correct_partner",
    "correct_site",
    "correct_unit",
    "correct_warrant",
    "decide",
    "end_command",
    "end_rehearsal",
    "go_live",
    "hand_over",
    "hold_debrief",
    "issue_order",
    "join_roster",
    "leave_case",
    "leave_roster",
    "link_called",
    "link_centre",
    "log",
    "make_ready_otherwise",
    "move_site",
    "name_bronze",
    "name_commander",
    "no_longer_plan",
    "note_hazard",
    "partner_answers",
    "pass_safety_worry",
    "plan",
    "plan_for",
    "plan_otherwise",
    "put_site_back",
    "read_order",
    "read_worry",
    "receive",
    "record_found",
    "record_host_agreement",
    "rehearse",
    "return_warrant",
    "say",
    "seen_by",
    "send_to",
    "stand_down",
    "take_out",
    "take_site_out",
    "tell_centre_address",
    "undo_handover",
    "unlink_centre",
    "withdraw_brief",
    "worries_told",
    "write_brief",
    "write_part",
]
