"""What an arrest or a custody record said before it was corrected goes with it."""

from django.db import migrations

GOES = {"custody_formerarrest": "record_id = $1", "custody_formerdetention": "arrest_id = $1"}
LINES = ", ".join(f"('suspect', '{table}', '{rows}')" for table, rows in GOES.items())
ALSO = f"""
INSERT INTO stewardship_goes (data_class, name, rows) VALUES {LINES};
GRANT SELECT, DELETE ON {", ".join(GOES)} TO wb_search;
"""
NO_MORE = f"DELETE FROM stewardship_goes WHERE name IN ({', '.join(repr(table) for table in GOES)})"


class Migration(migrations.Migration):
    dependencies = [
        ("stewardship", "0009_interpreters_and_closing_go"),
        ("custody", "0008_what_was_before_a_correction"),
    ]

    operations = [migrations.RunSQL(ALSO, NO_MORE)]
