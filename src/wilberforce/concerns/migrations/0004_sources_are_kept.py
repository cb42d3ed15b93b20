"""What the keeper of the sources does with each: who waits, what was said to them, when they are thought of again."""

from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed

KEPT = """
ALTER TABLE concerns_sourcenote ADD CONSTRAINT note_of_a_source
    FOREIGN KEY (source_id) REFERENCES concerns_source ON DELETE CASCADE;
CREATE INDEX note_by_source ON concerns_sourcenote (source_id, at);
REVOKE UPDATE ON concerns_sourcenote FROM wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0003_claims_stay_in_the_force")]

    operations = [
        migrations.AddField("source", "received_at", models.DateTimeField(default=wilberforce.base.clock.now)),
        migrations.AddField("source", "review_at", models.DateTimeField(null=True)),
        migrations.AddField("source", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField("source", "version", models.PositiveIntegerField(default=0)),
        migrations.CreateModel(
            name="SourceNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("source_id", models.UUIDField()),
                ("at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("by", models.UUIDField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("reached", "Spoke to them"),
                            ("not_reached", "Could not reach them"),
                            ("corrected", "Corrected what is kept"),
                            ("ended", "Nothing more is needed of them"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", wilberforce.base.sealed.SealedField(blank=True, max_text=5_000)),
                ("handling_level", models.PositiveSmallIntegerField(default=3)),
            ],
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
