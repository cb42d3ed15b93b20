"""A request counts as one by letter exactly where whoever keeps the records has no sign-in, so that nobody gives a notice in
a keeper's place; and once the reason against the notice is over, nobody goes on without it."""

from django.db import migrations, models
from django.db.models import F, Q

OUTSIDE = """
CREATE POLICY outside ON sharing_victimrequest AS RESTRICTIVE FOR INSERT WITH CHECK (
    outside = EXISTS (SELECT 1 FROM sharing_outsider o WHERE o.id = to_agency_id));
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0032_what_was_before")]

    operations = [
        migrations.RunSQL(OUTSIDE, "DROP POLICY outside ON sharing_victimrequest"),
        migrations.AddConstraint(
            "victimrequest",
            models.CheckConstraint(
                condition=Q(excused_at=None) | Q(notice_may_at=None) | Q(excused_at__lte=F("notice_may_at")),
                name="victim_request_excused_while_it_waits",
            ),
        ),
    ]
