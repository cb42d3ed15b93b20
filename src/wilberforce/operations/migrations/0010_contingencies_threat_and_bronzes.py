"""What a plan still lacked: the threat, why it is proportionate, what may go wrong, and who commands each task."""

import django.contrib.postgres.fields
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed

WEIGHED = "ALTER TABLE operations_operation ADD COLUMN threat bytea NULL, ADD COLUMN proportionality bytea NULL"
UNWEIGHED = "ALTER TABLE operations_operation DROP COLUMN threat, DROP COLUMN proportionality"


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0009_latest_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bronze",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("operation_id", models.UUIDField(db_index=True)),
                ("membership_id", models.UUIDField()),
                (
                    "charge",
                    models.CharField(
                        choices=[
                            ("site", "A site"),
                            ("custody", "Custody"),
                            ("reception", "Reception centre"),
                            ("intelligence", "Intelligence"),
                            ("words", "Communications and the press"),
                            ("partners", "Partner agencies"),
                        ],
                        max_length=12,
                    ),
                ),
                ("site_id", models.UUIDField(blank=True, null=True)),
                ("since", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Contingency",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("operation_id", models.UUIDField(db_index=True)),
                (
                    "chance",
                    models.CharField(
                        choices=[
                            ("more-found", "More people are found than planned"),
                            ("children", "Children are found, or people who may be"),
                            ("hurt", "Somebody is badly hurt or ill"),
                            ("violence", "Violence or weapons"),
                            ("nobody", "Nobody is there"),
                            ("elsewhere", "People were moved, or another address comes up"),
                            ("unsafe", "The building is not safe"),
                            ("words", "No interpreter for a language that is spoken"),
                            ("centre", "The reception centre is full or can't be used"),
                            ("custody", "Custody is full"),
                            ("vehicles", "A vehicle fails or is late"),
                            ("known", "Somebody was warned, or the press knows"),
                            ("network", "No network or no power"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("sign", wilberforce.base.sealed.SealedField(blank=True)),
                ("answer", wilberforce.base.sealed.SealedField(blank=True)),
                (
                    "decides",
                    models.CharField(
                        choices=[
                            ("gold", "Gold (strategic)"),
                            ("silver", "Silver (tactical)"),
                            ("bronze", "Bronze (one task or site)"),
                        ],
                        max_length=8,
                    ),
                ),
                ("resource", wilberforce.base.sealed.SealedField(blank=True)),
                (
                    "agencies",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.SeparateDatabaseAndState(
            # Sealed columns can't be filled by the database, so they begin empty.
            [migrations.RunSQL(WEIGHED, UNWEIGHED)],
            [
                migrations.AddField("operation", name, wilberforce.base.sealed.SealedField(blank=True, null=True))
                for name in ("threat", "proportionality")
            ],
        ),
        migrations.RunSQL("REVOKE DELETE, TRUNCATE ON operations_bronze FROM wb_app;", migrations.RunSQL.noop),
    ]
