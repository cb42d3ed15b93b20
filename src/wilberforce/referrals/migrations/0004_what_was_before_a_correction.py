"""What the form and the notification said before a correction; never changed again."""

from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0003_decisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerForm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("record_id", models.UUIDField(db_index=True)),
                ("record_version", models.PositiveIntegerField()),
                ("replaced_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("replaced_by", models.UUIDField()),
                ("was", wilberforce.base.sealed.SealedField(blank=True)),
                ("why", wilberforce.base.sealed.SealedField(blank=True)),
                ("person_id", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FormerNotification",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("record_id", models.UUIDField(db_index=True)),
                ("record_version", models.PositiveIntegerField()),
                ("replaced_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("replaced_by", models.UUIDField()),
                ("was", wilberforce.base.sealed.SealedField(blank=True)),
                ("why", wilberforce.base.sealed.SealedField(blank=True)),
                ("person_id", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON referrals_formerform, referrals_formernotification FROM wb_app;",
            migrations.RunSQL.noop,
        ),
    ]
