"""What the commander types and what the rules then read."""

from wilberforce.press.forms import CutForm


def test_a_figure_is_given_in_the_words_that_the_form_itself_suggests():
    form = CutForm({"facts": "Found", "places": "Derby", "counts": "women 5\nMan 1\nman 2", "doors_in": "yes"})
    assert form.is_valid()
    assert form.cleaned_data["counts"] == {"woman": [5], "man": [1, 2]}
