"""Of two who correct a warrant or a debrief at once, the later is shown the earlier.

What was sealed of a warrant before there was a version is bound to 0, so 0 is what it begins with.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("operations", "0013_what_the_plan_said_before")]

    operations = [
        migrations.AddField("warrant", "version", models.PositiveIntegerField(default=0)),
        migrations.AddField("debrief", "version", models.PositiveIntegerField(default=1)),
        migrations.RunSQL(
            "GRANT UPDATE ON operations_debrief TO wb_app", "REVOKE UPDATE ON operations_debrief FROM wb_app"
        ),
    ]
