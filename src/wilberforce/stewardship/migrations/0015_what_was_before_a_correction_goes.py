"""What was written before a correction goes with its record, and so does what was added to a referral."""

from django.db import migrations

GOES = {
    "concerns_formerreport": ("report_raw", "record_id = $1"),
    "operations_formerfound": ("operation", "operation_id = $1"),
    "press_formerbulletin": ("operation", "operation_id = $1"),
    "reception_formercare": ("support", "person_id = $1"),
    "reception_formerfollowup": ("support", "person_id = $1"),
    "reception_formerhouse": ("centre", "centre_id = $1"),
    "referrals_supplement": ("immigration", "person_id = $1"),
    "survivors_formerplace": ("location", "person_id = $1"),
}
LINES = ", ".join(f"('{data_class}', '{table}', '{rows}')" for table, (data_class, rows) in GOES.items())
ALSO = f"""
INSERT INTO stewardship_goes (data_class, name, rows) VALUES {LINES};
GRANT SELECT, DELETE ON {", ".join(GOES)} TO wb_search;
"""
NO_MORE = f"DELETE FROM stewardship_goes WHERE name IN ({', '.join(repr(table) for table in GOES)})"


class Migration(migrations.Migration):
    dependencies = [
        ("stewardship", "0014_weighings_go"),
        ("concerns", "0007_what_was_before_a_correction"),
        ("operations", "0016_what_was_before_a_correction"),
        ("press", "0007_what_was_before_a_correction"),
        ("reception", "0026_what_was_before_a_correction"),
        ("referrals", "0005_supplements"),
        ("survivors", "0008_what_was_before_a_correction"),
    ]

    operations = [migrations.RunSQL(ALSO, NO_MORE)]
