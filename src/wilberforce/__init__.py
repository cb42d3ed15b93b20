"""Wilberforce: one secure system for a multi-agency operation against modern slavery."""

__version__ = "0.1.0"
