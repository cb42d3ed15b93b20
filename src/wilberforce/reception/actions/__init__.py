"""What can happen at a centre: it opens, people work there, somebody arrives, is cared for, and leaves."""

from .belongings import correct_belonging, give_back, take_in
from .care import give, information_given, not_yet_decide, note_need, offer_decision, rest_recorded, take_back
from .centres import (
    add_to_roster,
    call_off_shift,
    close_centre,
    keeps_open,
    open_centre,
    own_shifts,
    planned_shift,
    restock,
    set_up_shift,
    sign_in_to_shift,
    sign_out_of_shift,
)
from .follow_ups import correct_follow_up, follow_up
from .health import remind, set_clock, time_kept
from .house import add_room, apart_from, change_room, check, correct_centre, give_bed, leave_roster, turn
from .interpreters import (
    begin_interpreting,
    book_otherwise,
    call_off,
    correct_minutes,
    end_interpreting,
    interpreter_arrived,
    interpreter_left,
    need_interpreter,
)
from .keeping import name_keeper
from .moves import come_back, correct_leaving, end_search, go_out, leave, move
from .needs import note_practical, note_screening, note_story
from .people import arrive, expected, manifest
from .premises import change_premises, keep_premises, say_where
from .records import give_feedback, hand_over_records, record_sentence
from .safety import keep_apart, no_longer_apart, pass_worry

__all__ = [
    "add_room",
    "add_to_roster",
    "apart_from",
    "arrive",
    "begin_interpreting",
    "book_otherwise",
    "call_off",
    "call_off_shift",
    "change_premises",
    "change_room",
    "check",
    "close_centre",
    "come_back",
    "correct_belonging",
    "correct_centre",
    "correct_follow_up",
    "correct_leaving",
    "correct_minutes",
    "end_interpreting",
    "end_search",
    "expected",
    "follow_up",
    "give",
    "give_back",
    "give_bed",
    "give_feedback",
    "go_out",
    "hand_over_records",
    "information_given",
    "interpreter_arrived",
    "interpreter_left",
    "keep_apart",
    "keep_premises",
    "keeps_open",
    "leave",
    "leave_roster",
    "manifest",
    "move",
    "name_keeper",
    "need_interpreter",
    "no_longer_apart",
    "not_yet_decide",
    "note_need",
    "note_practical",
    "note_screening",
    "note_story",
    "offer_decision",
    "open_centre",
    "own_shifts",
    "pass_worry",
    "planned_shift",
    "record_sentence",
    "remind",
    "rest_recorded",
    "restock",
    "say_where",
    "set_clock",
    "set_up_shift",
    "sign_in_to_shift",
    "sign_out_of_shift",
    "take_back",
    "take_in",
    "time_kept",
    "turn",
]
