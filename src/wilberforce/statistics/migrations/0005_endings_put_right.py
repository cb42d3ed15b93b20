"""An ending that was put right since counts no more: whoever was written down as charged by mistake was not charged."""

from django.db import migrations

ANY = "(SELECT 1 FROM custody_outcome o WHERE o.arrest_id = arrested.id AND o.kind = 'charged')"
STANDING = """(SELECT 1 FROM custody_outcome o WHERE o.arrest_id = arrested.id AND o.kind = 'charged'
                  AND NOT EXISTS (SELECT 1 FROM custody_outcome c WHERE c.instead_of = o.id))"""


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
        ("statistics", "0004_charged_by_post_too"),
        ("custody", "0018_endings_put_right"),
    ]

    operations = [migrations.RunSQL(rewrite(ANY, STANDING), rewrite(STANDING, ANY))]
