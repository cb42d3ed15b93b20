"""A limit that passed is told once to the next role."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_never_deleted")]

    operations = [
        migrations.AddField("deadline", "escalated_at", models.DateTimeField(null=True, blank=True)),
        migrations.RunSQL("GRANT UPDATE (escalated_at) ON deadlines_deadline TO wb_app;", migrations.RunSQL.noop),
    ]
