"""Whoever refuses says why, from a list; it is said once, with the no."""

from django.db import migrations, models

WHY = """
GRANT UPDATE (refusal) ON sharing_disclosure, sharing_request TO wb_app;
CREATE FUNCTION sharing_said_why() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT (OLD.refused_at IS NULL AND NEW.refused_at IS NOT NULL AND NEW.refusal <> '') THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: a no is said once, with its reason';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sharing_said_why BEFORE UPDATE ON sharing_disclosure FOR EACH ROW
    WHEN ((OLD.refused_at, OLD.refusal) IS DISTINCT FROM (NEW.refused_at, NEW.refusal))
    EXECUTE FUNCTION sharing_said_why();
CREATE TRIGGER sharing_said_why BEFORE UPDATE ON sharing_request FOR EACH ROW
    WHEN ((OLD.refused_at, OLD.refusal) IS DISTINCT FROM (NEW.refused_at, NEW.refusal))
    EXECUTE FUNCTION sharing_said_why();
"""
REASON = models.CharField(
    blank=True,
    choices=[
        ("person", "The person does not want it, or not now"),
        ("not needed", "It is not needed for what it is asked for"),
        ("too much", "It gives more than is needed"),
        ("ground", "The law or the yes that is named does not cover it"),
        ("unsafe", "It could put somebody in danger"),
        ("not held", "We do not keep this"),
        ("speak", "Another reason, or not sure: telephone us"),
    ],
    default="",
    max_length=20,
)


class Migration(migrations.Migration):
    dependencies = [("sharing", "0042_the_role_of_that_moment")]

    operations = [
        migrations.AddField("disclosure", "refusal", REASON, preserve_default=False),
        migrations.AddField("request", "refusal", REASON.clone(), preserve_default=False),
        migrations.RunSQL(
            WHY,
            "DROP TRIGGER sharing_said_why ON sharing_disclosure; DROP TRIGGER sharing_said_why ON sharing_request;"
            " DROP FUNCTION sharing_said_why();",
        ),
    ]
