"""An invitation is withdrawn before anybody takes it up: it went to the wrong address, or a fresh one was sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0018_a_shift_is_called_off")]

    operations = [
        migrations.AddField("invitation", "withdrawn_at", models.DateTimeField(blank=True, null=True)),
    ]
