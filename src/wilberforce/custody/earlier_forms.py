"""What is never changed is written anew, in place of an earlier one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from .forms import AskedNow


def in_place_of(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, coerce=UUID, empty_value=None, required=False, help_text="The earlier one stays, with its time.",
    )  # fmt: skip


class CorrectsEarlier(AskedNow):
    """``earlier``: those that it can correct; where there are none, nothing is asked."""

    def __init__(self, *args: Any, earlier: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, choices={"instead_of": [("", "No, it is a new one"), *earlier]}, **options)
        if not earlier:
            del self.fields["instead_of"]
