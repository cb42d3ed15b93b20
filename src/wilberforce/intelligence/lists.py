"""What somebody is suspected to do."""

from wilberforce.base.lists import Entry, entries

FUNCTIONS = entries("intelligence", "functions", Entry)
