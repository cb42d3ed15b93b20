"""A review, once kept, stays as it was: late is late. The same for how a detention ended."""

from django.db import migrations

NEVER_CHANGED = "REVOKE UPDATE, DELETE, TRUNCATE ON custody_review, custody_outcome FROM wb_app;"


class Migration(migrations.Migration):
    dependencies = [("custody", "0001_arrests_and_detentions")]

    operations = [migrations.RunSQL(NEVER_CHANGED, migrations.RunSQL.noop)]
