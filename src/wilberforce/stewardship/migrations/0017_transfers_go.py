"""That somebody was handed over between forces goes with the arrest."""

from django.db import migrations

ALSO = """
INSERT INTO stewardship_goes (data_class, name, rows) VALUES ('suspect', 'custody_transfer', 'arrest_id = $1');
GRANT SELECT, DELETE ON custody_transfer TO wb_search;
"""
NO_MORE = "DELETE FROM stewardship_goes WHERE name = 'custody_transfer'"


class Migration(migrations.Migration):
    dependencies = [
        ("stewardship", "0016_holds_of_whom_one_took_over_from"),
        ("custody", "0014_handed_over_between_forces"),
    ]

    operations = [migrations.RunSQL(ALSO, NO_MORE)]
