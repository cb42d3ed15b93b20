"""Whoever was charged by post counts among those charged, unless that line was corrected."""

from django.db import migrations

IN_CUSTODY = """SELECT 'charged', count(DISTINCT o.arrest_id) FROM custody_outcome o JOIN arrested ON arrested.id = o.arrest_id
    WHERE o.kind = 'charged'"""
BY_POST_TOO = """SELECT 'charged', count(*) FROM arrested
    WHERE EXISTS (SELECT 1 FROM custody_outcome o WHERE o.arrest_id = arrested.id AND o.kind = 'charged')
       OR EXISTS (SELECT 1 FROM custody_proceeding p WHERE p.arrest_id = arrested.id AND p.kind = 'requisition'
                  AND NOT EXISTS (SELECT 1 FROM custody_proceeding c WHERE c.instead_of = p.id))"""


def rewrite(before: str, after: str) -> str:
    return f"""
DO $migrate$
DECLARE told text := pg_get_functiondef('statistics_counted(uuid, timestamptz, timestamptz)'::regprocedure);
BEGIN
    IF position($before${before}$before$ IN told) = 0 THEN RAISE 'statistics_counted is not what it was'; END IF;
    EXECUTE replace(told, $before${before}$before$, $after${after}$after$);
END $migrate$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0003_invented_people_are_none"),
        ("stewardship", "0018_proceedings_go"),
    ]

    operations = [migrations.RunSQL(rewrite(IN_CUSTODY, BY_POST_TOO), rewrite(BY_POST_TOO, IN_CUSTODY))]
