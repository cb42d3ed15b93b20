"""What happens in a detention besides reviews is written once; bail by whose case it is; when another force let go."""

import django.contrib.postgres.fields
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0003_told_on_the_board"),
    ]

    operations = [
        migrations.AddField(
            model_name="detention",
            name="left_at",
            field=models.DateTimeField(blank=True, help_text="from the station of another force", null=True),
        ),
        migrations.AddField(
            model_name="outcome",
            name="bail_case",
            field=models.CharField(
                choices=[
                    ("standard", "standard"),
                    (
                        "special",
                        "National Crime Agency, HM Revenue and Customs, Financial Conduct Authority or Serious Fraud Office",
                    ),
                ],
                default="standard",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="detention",
            name="brought",
            field=models.CharField(
                choices=[
                    ("taken to a station after arrest", "taken to a station after arrest"),
                    ("came freely and was arrested there", "came freely and was arrested there"),
                    (
                        "arrested for another force and not questioned there",
                        "arrested for another force and not questioned there",
                    ),
                    (
                        "detained elsewhere for another offence, and not questioned about this one there",
                        "detained elsewhere for another offence, and not questioned about this one there",
                    ),
                ],
                max_length=80,
            ),
        ),
        migrations.AlterField(
            model_name="outcome",
            name="kind",
            field=models.CharField(
                choices=[
                    ("charged", "Charged"),
                    ("bailed", "Released on bail before charge"),
                    ("under-investigation", "Released under investigation"),
                    ("no-further-action", "No further action"),
                    ("immigration", "Transferred to immigration detention"),
                    ("transferred", "Handed to another force for its own offence"),
                    ("reclassified", "No longer a suspect: may be a victim"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("operation_id", models.UUIDField(db_index=True)),
                ("arrested_by", models.UUIDField(help_text="membership")),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("arrest_id", models.UUIDField()),
                ("detention_id", models.UUIDField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rest", "Rest"),
                            ("meal", "Meal or drink"),
                            ("adult", "Appropriate adult with them"),
                            ("interpreter", "Interpreter with them"),
                            ("solicitor", "Solicitor with them"),
                            ("health", "Seen by a health care professional"),
                            ("questioned", "Questioned in hospital, or on the way"),
                            ("further-offence", "Arrested for a further offence"),
                            ("court-warrant", "Warrant of further detention"),
                            ("standing", "Screened for signs of exploitation"),
                            ("bail", "Bail extended"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("hours", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("by", models.UUIDField(help_text="membership")),
                ("text", wilberforce.base.sealed.SealedField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("at")), _connector="OR"),
                        name="custody_entry_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "court-warrant"), _negated=True),
                            models.Q(("hours__gte", 1), ("hours__lte", 36)),
                            _connector="OR",
                        ),
                        name="custody_court_gives_hours",
                    ),
                ],
            },
        ),
        migrations.RunSQL("REVOKE UPDATE, DELETE, TRUNCATE ON custody_entry FROM wb_app;", migrations.RunSQL.noop),
    ]
