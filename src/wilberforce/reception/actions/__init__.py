"""What can happen at a centre: it opens, people work there, somebody arrives, is cared for, and leaves."""

from .care import give, information_given, not_yet_decide, note_need, rest_recorded
from .centres import (
    add_to_roster,
    close_centre,
    open_centre,
    own_shifts,
    restock,
    set_up_shift,
    sign_in_to_shift,
    sign_out_of_shift,
    start,
)
from .moves import come_back, go_out, leave, move
from .people import arrive, manifest

__all__ = [
    "add_to_roster",
    "arrive",
    "close_centre",
    "come_back",
    "give",
    "go_out",
    "information_given",
    "leave",
    "manifest",
    "move",
    "not_yet_decide",
    "note_need",
    "open_centre",
    "own_shifts",
    "rest_recorded",
    "restock",
    "set_up_shift",
    "sign_in_to_shift",
    "sign_out_of_shift",
    "start",
]
