"""Places that can become a centre, and of which a centre was set up."""

import django.contrib.postgres.fields
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0015_shift_cards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Premises",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("name", wilberforce.base.sealed.SealedField(blank=True)),
                ("district", wilberforce.base.sealed.SealedField(blank=True)),
                ("address", wilberforce.base.sealed.SealedField(blank=True)),
                ("contact", wilberforce.base.sealed.SealedField(blank=True)),
                ("note", wilberforce.base.sealed.SealedField(blank=True)),
                ("capacity", models.PositiveSmallIntegerField()),
                ("beds_women", models.PositiveSmallIntegerField(default=0)),
                ("beds_men", models.PositiveSmallIntegerField(default=0)),
                ("toilets", models.PositiveSmallIntegerField(default=0)),
                ("showers", models.PositiveSmallIntegerField(default=0)),
                (
                    "rooms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                (
                    "features",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.AddField(
            model_name="centre",
            name="premises_id",
            field=models.UUIDField(blank=True, null=True),
        ),
    ]
