"""Somebody is handed over between forces, held in one place at a time, and seen by both while they are on the way."""

from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed

HANDED = """
CREATE FUNCTION custody_handed_over() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN QUERY SELECT t.arrest_id FROM custody_transfer t WHERE t.to_force = ctx_agency();
END $$;
ALTER FUNCTION custody_handed_over() OWNER TO wb_search;
REVOKE ALL ON FUNCTION custody_handed_over() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION custody_handed_over() TO wb_app;
REVOKE UPDATE, DELETE, TRUNCATE ON custody_transfer FROM wb_app;
GRANT UPDATE (received_at, received_force) ON custody_transfer TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0013_a_line_names_its_exhibit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Transfer",
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
                ("detention_id", models.UUIDField(db_index=True)),
                ("to_force", models.UUIDField()),
                (
                    "terms",
                    models.CharField(
                        choices=[
                            (
                                "same",
                                "The same investigation, or questioned here about theirs: both clocks go on as they are",
                            ),
                            (
                                "arrested-for",
                                "Arrested here for that force, and not questioned here about it: PACE 1984 s.41(2)(a) and (3)",
                            ),
                            (
                                "their-offence",
                                "Another offence, in that force's area, and not questioned here about it: PACE 1984 s.41(5)",
                            ),
                        ],
                        max_length=16,
                    ),
                ),
                ("left_at", models.DateTimeField()),
                ("by", models.UUIDField(help_text="membership")),
                ("relevant_at", models.DateTimeField()),
                ("first_authorised_at", models.DateTimeField(blank=True, null=True)),
                ("carried", wilberforce.base.sealed.SealedField(blank=True)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("received_force", models.UUIDField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="detention",
            name="custody_booked_in_once",
        ),
        migrations.AddField(
            model_name="detention",
            name="first_authorised_at",
            field=models.DateTimeField(
                blank=True, help_text="by the force that held them before: the reviews go on from it", null=True
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
                    (
                        "handed over by another force for the same offence, with the clocks running",
                        "handed over by another force for the same offence, with the clocks running",
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
                    ("transferred", "Handed over to another force"),
                    ("reclassified", "No longer a suspect: may be a victim"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="detention",
            constraint=models.UniqueConstraint(
                models.F("arrest_id"), condition=models.Q(("ended_at", None)), name="custody_held_in_one_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(models.F("detention_id"), name="custody_handed_over_once"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                models.F("arrest_id"), condition=models.Q(("received_at", None)), name="custody_on_one_way"
            ),
        ),
        migrations.RunSQL(HANDED, "DROP FUNCTION custody_handed_over()"),
    ]
