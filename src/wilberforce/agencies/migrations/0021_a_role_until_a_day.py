"""A role may have a last day, changed by its guardians, with the reason."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0020_one_person_in_two_agencies")]

    operations = [
        migrations.AddField(
            "roleheld",
            "ended_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.membership",
            ),
        ),
        migrations.AddField(
            "roleheld",
            "why_ended",
            models.CharField(blank=True, max_length=300, help_text="or why it ends sooner, or begins anew"),
        ),
        migrations.AddField(
            "secondyes",
            "until",
            models.DateTimeField(blank=True, null=True, help_text="the end of the role, if it has one"),
        ),
        migrations.AddField(
            "secondyes",
            "why",
            models.CharField(blank=True, max_length=300, help_text="why a role that they hold begins anew"),
        ),
        migrations.RunSQL(
            "GRANT UPDATE (ended_by_id, why_ended) ON agencies_roleheld TO wb_app", migrations.RunSQL.noop
        ),
    ]
