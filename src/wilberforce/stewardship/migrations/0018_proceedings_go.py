"""What happened after custody goes with the arrest."""

from django.db import migrations

ALSO = """
INSERT INTO stewardship_goes (data_class, name, rows) VALUES ('suspect', 'custody_proceeding', 'arrest_id = $1');
GRANT SELECT, DELETE ON custody_proceeding TO wb_search;
"""
NO_MORE = "DELETE FROM stewardship_goes WHERE name = 'custody_proceeding'"


class Migration(migrations.Migration):
    dependencies = [
        ("stewardship", "0017_transfers_go"),
        ("custody", "0015_after_custody"),
    ]

    operations = [migrations.RunSQL(ALSO, NO_MORE)]
