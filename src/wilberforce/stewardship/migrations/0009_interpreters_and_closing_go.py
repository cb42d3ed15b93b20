"""Interpreters for somebody go with their support; receipts and what was thought of a centre go with the centre."""

from django.db import migrations

GOES = {
    "reception_interpreting": ("support", "person_id = $1"),
    "reception_handedover": ("centre", "centre_id = $1"),
    "reception_recording": ("centre", "centre_id = $1"),
}
LINES = ", ".join(f"('{data_class}', '{table}', '{rows}')" for table, (data_class, rows) in GOES.items())
ALSO = f"""
INSERT INTO stewardship_goes (data_class, name, rows) VALUES {LINES};
GRANT SELECT, DELETE ON {", ".join(GOES)} TO wb_search;
"""
NO_MORE = f"DELETE FROM stewardship_goes WHERE name IN ({', '.join(repr(table) for table in GOES)})"


class Migration(migrations.Migration):
    dependencies = [("stewardship", "0008_earlier_forms_go"), ("reception", "0020_what_a_centre_leaves")]

    operations = [migrations.RunSQL(ALSO, NO_MORE)]
