"""What is known of somebody's needs and risks goes with the rest of their support and health."""

from django.db import migrations

GOES = {
    "reception_formerpractical": "support",
    "reception_formerstory": "support",
    "reception_practical": "support",
    "reception_story": "support",
    "reception_formerscreening": "health",
    "reception_screening": "health",
}
LINES = ", ".join(f"('{data_class}', '{table}', 'person_id = $1')" for table, data_class in GOES.items())
ALSO = f"""
INSERT INTO stewardship_goes (data_class, name, rows) VALUES {LINES};
GRANT SELECT, DELETE ON {", ".join(GOES)} TO wb_search;
"""
NO_MORE = f"DELETE FROM stewardship_goes WHERE name IN ({', '.join(repr(table) for table in GOES)})"


class Migration(migrations.Migration):
    dependencies = [("stewardship", "0005_contingencies_go"), ("reception", "0017_needs_and_risks")]

    operations = [migrations.RunSQL(ALSO, NO_MORE)]
