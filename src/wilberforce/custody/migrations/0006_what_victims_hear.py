"""What happened with a suspect that victims hear of, and who has heard; an interview in the custody record."""

from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0005_exhibits_and_their_chain"),
    ]

    operations = [
        migrations.CreateModel(
            name="News",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("operation_id", models.UUIDField(db_index=True)),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("arrested_by", models.UUIDField(help_text="membership")),
                ("arrest_id", models.UUIDField()),
                ("reference", models.CharField(max_length=12)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("arrested", "Arrested"),
                            ("interview", "Interviewed under caution"),
                            ("bail", "Bail changed or extended"),
                            ("charged", "Charged"),
                            ("bailed", "Released on bail"),
                            ("under-investigation", "Released under investigation"),
                            ("no-further-action", "No further action"),
                            ("immigration", "Moved to immigration detention"),
                            ("transferred", "Handed to another force"),
                            ("reclassified", "No longer a suspect"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("operation_id", models.UUIDField(db_index=True)),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("news_id", models.UUIDField(db_index=True)),
                ("found_id", models.UUIDField(blank=True, null=True)),
                ("person", models.CharField(blank=True, max_length=12)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("told", "They were told"),
                            ("not-now", "They do not want to hear of it now"),
                            ("not-reached", "They could not be reached"),
                            ("waits", "It waits, for a reason"),
                            ("nobody", "No victim is known"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(help_text="membership")),
                ("words", wilberforce.base.sealed.SealedField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rest", "Rest"),
                    ("meal", "Meal or drink"),
                    ("adult", "Appropriate adult with them"),
                    ("interpreter", "Interpreter with them"),
                    ("solicitor", "Solicitor with them"),
                    ("health", "Seen by a health care professional"),
                    ("questioned", "Questioned in hospital, or on the way"),
                    ("interview", "Interviewed under caution"),
                    ("further-offence", "Arrested for a further offence"),
                    ("court-warrant", "Warrant of further detention"),
                    ("standing", "Screened for signs of exploitation"),
                    ("bail", "Bail extended"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON custody_news, custody_telling FROM wb_app;", migrations.RunSQL.noop
        ),
    ]
