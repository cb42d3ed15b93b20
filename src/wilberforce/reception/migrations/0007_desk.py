import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0006_the_house_and_safety"),
    ]

    operations = [
        migrations.CreateModel(
            name="CareEvent",
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
                ("quantity", models.PositiveSmallIntegerField(default=1)),
                ("detail", wilberforce.base.sealed.SealedField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CentreEvent",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Envelope",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(db_index=True)),
                ("centre_id", models.UUIDField()),
                ("dseq", models.PositiveIntegerField()),
                ("prev", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("kid", models.CharField(max_length=8)),
                ("box", models.BinaryField()),
                ("sig", models.BinaryField()),
                ("received_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("offset_ms", models.BigIntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        choices=[("accepted", "Taken in"), ("parked", "Waits for somebody")], max_length=8
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=24)),
            ],
        ),
        migrations.CreateModel(
            name="Epoch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.random_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateTimeField(default=wilberforce.base.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="PersonEvent",
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
                ("entity", models.UUIDField(db_index=True, null=True)),
                ("reference", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Tablet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.random_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("centre_id", models.UUIDField(db_index=True)),
                ("label", models.CharField(max_length=40)),
                ("token_hash", models.BinaryField(unique=True)),
                ("public_key", models.BinaryField(null=True)),
                ("enrolled_by", models.UUIDField()),
                ("enrolled_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("lost_at", models.DateTimeField(blank=True, null=True)),
                ("wiped_at", models.DateTimeField(blank=True, null=True)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("unsent", models.PositiveIntegerField(default=0)),
                ("offset_ms", models.BigIntegerField(default=0)),
                ("app_version", models.CharField(blank=True, max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="Settled",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("taken_in", models.BooleanField()),
                ("why", models.CharField(blank=True, max_length=200)),
                ("by", models.UUIDField()),
                ("at", models.DateTimeField(default=wilberforce.base.clock.now)),
                (
                    "envelope",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="settled", to="reception.envelope"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("centre_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("field", models.CharField(max_length=40)),
                ("events", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("clash", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("centre_id"), condition=models.Q(("clash", True)), name="standing_clash")
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("person_id"), models.F("field"), name="standing_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.random_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("membership_id", models.UUIDField()),
                ("session_hash", models.BinaryField()),
                ("proof_hash", models.BinaryField()),
                ("share", models.BinaryField(null=True)),
                ("wrong", models.PositiveSmallIntegerField(default=0)),
                ("begun_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "tablet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="reception.tablet"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="envelope",
            name="tablet",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="envelopes", to="reception.tablet"
            ),
        ),
        migrations.AddIndex(
            model_name="envelope",
            index=models.Index(models.F("tablet"), models.F("dseq"), name="envelope_of_tablet"),
        ),
        migrations.AddIndex(
            model_name="envelope",
            index=models.Index(models.F("centre_id"), condition=models.Q(("status", "parked")), name="envelope_parked"),
        ),
        migrations.AddConstraint(
            model_name="envelope",
            constraint=models.UniqueConstraint(models.F("tablet"), models.F("digest"), name="envelope_arrives_once"),
        ),
    ]
