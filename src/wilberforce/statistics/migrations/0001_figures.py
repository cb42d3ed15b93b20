"""The figures of a quarter, and who said that they may go out."""

import django.db.models.expressions
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("quarter_id", models.UUIDField(db_index=True)),
                ("question", models.CharField(max_length=12)),
                ("shown", models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("quarter_id"), models.F("question"), name="statistics_asked_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shown", None),
                            models.Q(
                                (
                                    "shown",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("shown"), "/", models.Value(5)
                                        ),
                                        "*",
                                        models.Value(5),
                                    ),
                                ),
                                ("shown__gte", 5),
                            ),
                            _connector="OR",
                        ),
                        name="statistics_rounded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quarter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("starts", models.DateField()),
                ("drawn_up_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("drawn_up_by", models.UUIDField(help_text="membership")),
                ("enough", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("controller_id"), models.F("starts"), name="statistics_quarter_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Yes",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("quarter_id", models.UUIDField()),
                ("said_by", models.UUIDField(help_text="membership")),
                ("at", models.DateTimeField(default=wilberforce.base.clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("quarter_id"), models.F("controller_id"), name="statistics_yes_once"
                    )
                ],
            },
        ),
    ]
