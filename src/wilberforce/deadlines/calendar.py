"""Bank holidays of each nation, bundled offline."""

from datetime import date
from functools import cache

import holidays

from wilberforce.deadlines.rules import Nation

SUBDIVISIONS = {Nation.ENGLAND_AND_WALES: "ENG", Nation.SCOTLAND: "SCT", Nation.NORTHERN_IRELAND: "NIR"}
FIRST_YEAR, LAST_YEAR = 2015, 2040


@cache
def bank_holidays(nation: Nation = Nation.ENGLAND_AND_WALES) -> frozenset[date]:
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return frozenset(holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=years))
