"""The schedule of unused material goes with its operation."""

from django.db import migrations

ALSO = """
INSERT INTO stewardship_goes (data_class, name, rows) VALUES ('operation', 'custody_unused', 'operation_id = $1');
GRANT SELECT, DELETE ON custody_unused TO wb_search;
"""
NO_MORE = "DELETE FROM stewardship_goes WHERE name = 'custody_unused'"


class Migration(migrations.Migration):
    dependencies = [
        ("stewardship", "0011_every_record_begins_a_clock"),
        ("custody", "0009_schedule_of_unused_material"),
    ]

    operations = [migrations.RunSQL(ALSO, NO_MORE)]
