"""A way is offered to exactly those to whom the database would open it."""

import pytest
from django.db import connection

from wilberforce.access.addresses import addresses
from wilberforce.access.asking import matrix, opens
from wilberforce.access.context import expand
from wilberforce.access.rules import permitted_purposes

BY_THE_DATABASE = """
SELECT access_grants(q.kind, q.role, q.purpose, CASE WHEN q.cells <> '' THEN string_to_array(q.cells, ' ') END) <> '{}'
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS q (kind, role, purpose, cells, place)
ORDER BY q.place
"""


@pytest.mark.django_db
def test_every_way_is_offered_to_those_to_whom_the_database_opens_it() -> None:
    staff = {
        (str(one.arguments["purpose"]), one.declaration.cells)
        for one in addresses()
        if one.declaration and one.declaration.who == "staff"
    }
    asked = [
        (kind.name, role, purpose, cells)
        for kind in matrix().kinds.values()
        for role in kind.roles
        for purpose, cells in sorted(staff)
        if purpose in permitted_purposes(matrix(), kind.name, role)
    ]
    columns = [list(column) for column in zip(*asked, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(BY_THE_DATABASE, [*columns[:3], [" ".join(expand(cells)) for cells in columns[3]]])
        told = [opened for (opened,) in cursor.fetchall()]
    assert [opens(kind, (role,), purpose, cells) for kind, role, purpose, cells in asked] == told
    assert {True, False} == set(told)
