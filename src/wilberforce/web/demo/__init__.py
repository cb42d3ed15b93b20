"""The demonstration: one day, played by invented people through the same actions that the pages call."""
