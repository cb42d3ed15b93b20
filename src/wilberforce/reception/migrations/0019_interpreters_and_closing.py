"""Interpreters and their minutes; recorded sentences; records that went to who controls them."""

from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed
import wilberforce.reception.house


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0018_pictures_of_belongings"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandedOver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("centre_id", models.UUIDField(db_index=True)),
                ("about_class", models.CharField(max_length=20)),
                ("recipient_id", models.UUIDField()),
                ("records", models.PositiveIntegerField()),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("system", "In this system: it is theirs already"),
                            ("sealed", "On paper, in a sealed envelope"),
                            ("drive", "On an encrypted drive"),
                        ],
                        max_length=8,
                    ),
                ),
                ("taken_by", wilberforce.base.sealed.SealedField(blank=True)),
                ("receipt", models.CharField(default=wilberforce.reception.house.receipt, max_length=12)),
                ("at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("by", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Interpreting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("centre_id", models.UUIDField(db_index=True)),
                ("person_id", models.UUIDField(db_index=True)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
                ("language", models.CharField(max_length=12)),
                (
                    "way",
                    models.CharField(
                        choices=[("phone", "By telephone"), ("video", "By video"), ("here", "Here in the room")],
                        max_length=6,
                    ),
                ),
                (
                    "gender",
                    models.CharField(
                        choices=[("woman", "A woman"), ("man", "A man"), ("not sure", "Not sure")],
                        default="not sure",
                        max_length=8,
                    ),
                ),
                ("who", wilberforce.base.sealed.SealedField(blank=True)),
                ("booked_for", models.DateTimeField(blank=True, null=True)),
                ("arrived_at", models.DateTimeField(blank=True, null=True)),
                ("began_at", models.DateTimeField(blank=True, null=True)),
                ("with_id", models.UUIDField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "stopped",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "It ended by itself"),
                            ("distress", "The person was distressed by the interpreter"),
                            ("other", "For another reason"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("began_at", None), ("with_id__isnull", False), _connector="OR"),
                        name="interpreter_never_alone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="interpreted_before_it_ended",
                    ),
                    models.UniqueConstraint(
                        models.F("with_id"),
                        condition=models.Q(("began_at__isnull", False), ("ended_at", None)),
                        name="with_one_interpreter_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("centre_id", models.UUIDField(db_index=True)),
                ("sentence", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=20)),
                ("sound", models.BinaryField()),
                ("at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("by", models.UUIDField()),
            ],
            options={
                "indexes": [models.Index(fields=["language", "sentence", "-id"], name="reception_latest_spoken")],
            },
        ),
    ]
