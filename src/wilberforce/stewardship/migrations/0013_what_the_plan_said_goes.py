"""What a plan said before goes with its operation."""

from django.db import migrations

ALSO = """
INSERT INTO stewardship_goes (data_class, name, rows) VALUES ('operation', 'operations_formerofplan', 'operation_id = $1');
GRANT SELECT, DELETE ON operations_formerofplan TO wb_search;
"""
NO_MORE = "DELETE FROM stewardship_goes WHERE name = 'operations_formerofplan'"


class Migration(migrations.Migration):
    dependencies = [
        ("stewardship", "0012_the_schedule_goes"),
        ("operations", "0013_what_the_plan_said_before"),
    ]

    operations = [migrations.RunSQL(ALSO, NO_MORE)]
