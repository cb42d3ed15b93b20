"""What a referral said before it was put right goes with what it says now."""

from django.db import migrations

GOES = """
INSERT INTO stewardship_goes (data_class, name, rows) VALUES
    ('immigration', 'referrals_formerform', 'person_id = $1'), ('account', 'referrals_formernotification', 'person_id = $1');
GRANT SELECT, DELETE ON referrals_formerform, referrals_formernotification TO wb_search;
"""
STAYS = "DELETE FROM stewardship_goes WHERE name IN ('referrals_formerform', 'referrals_formernotification');"


class Migration(migrations.Migration):
    dependencies = [
        ("stewardship", "0007_pictures_go"),
        ("referrals", "0004_what_was_before_a_correction"),
    ]

    operations = [migrations.RunSQL(GOES, STAYS)]
