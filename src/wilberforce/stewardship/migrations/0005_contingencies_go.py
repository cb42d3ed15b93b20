"""What may go wrong was planned for one operation, and goes with it."""

from django.db import migrations

GOES = """
INSERT INTO stewardship_goes (data_class, name, rows) VALUES ('operation', 'operations_contingency', 'operation_id = $1');
GRANT SELECT, DELETE ON operations_contingency TO wb_search;
"""
STAYS = """
DELETE FROM stewardship_goes WHERE name = 'operations_contingency';
REVOKE SELECT, DELETE ON operations_contingency FROM wb_search;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("stewardship", "0004_every_table_goes"),
        ("operations", "0010_contingencies_threat_and_bronzes"),
    ]

    operations = [migrations.RunSQL(GOES, STAYS)]
