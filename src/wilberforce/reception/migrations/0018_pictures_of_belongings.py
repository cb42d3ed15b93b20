import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0017_needs_and_risks"),
    ]

    operations = [
        migrations.CreateModel(
            name="PictureEvent",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("controller_id", models.UUIDField()),
                ("centre_id", models.UUIDField(db_index=True)),
                ("person_id", models.UUIDField(db_index=True)),
                ("kind", models.CharField(max_length=12)),
                (
                    "says",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=400), default=list, size=None
                    ),
                ),
                (
                    "base",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField()),
                ("hlc", models.CharField(max_length=60)),
                ("tablet_id", models.UUIDField(null=True)),
                ("by", models.UUIDField()),
                ("taken_in_by", models.UUIDField()),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.BinaryField()),
                ("pieces", models.PositiveSmallIntegerField()),
                ("key", wilberforce.base.sealed.SealedField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PictureChunk",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("event_id", models.UUIDField()),
                ("n", models.PositiveSmallIntegerField()),
                ("box", models.BinaryField()),
                ("received_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                (
                    "tablet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chunks", to="reception.tablet"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("event_id"), models.F("n"), name="picture_chunk_once")
                ],
            },
        ),
        migrations.RunSQL(
            """
            REVOKE UPDATE, DELETE, TRUNCATE ON reception_pictureevent, reception_picturechunk FROM wb_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
