"""What was weighed of the defence goes with the arrest."""

from django.db import migrations

ALSO = """
INSERT INTO stewardship_goes (data_class, name, rows) VALUES ('suspect', 'custody_weighing', 'arrest_id = $1');
GRANT SELECT, DELETE ON custody_weighing TO wb_search;
"""
NO_MORE = "DELETE FROM stewardship_goes WHERE name = 'custody_weighing'"


class Migration(migrations.Migration):
    dependencies = [
        ("stewardship", "0013_what_the_plan_said_goes"),
        ("custody", "0012_weighing_of_the_defence"),
    ]

    operations = [migrations.RunSQL(ALSO, NO_MORE)]
