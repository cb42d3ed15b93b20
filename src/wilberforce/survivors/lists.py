"""Needs in plain words, each for the desk's buttons; a flag says a thing is needed, never why."""

from wilberforce.base.lists import Entry, entries

NEEDS = entries("survivors", "needs", Entry)
