"""What a second yes rests on, and why somebody refuses, is asked of the pages' role, as every other step of sharing is."""

from django.db import migrations

APP = """
DROP TRIGGER sharing_rests_on_it ON sharing_disclosure;
CREATE TRIGGER sharing_rests_on_it BEFORE UPDATE OF completed_at ON sharing_disclosure FOR EACH ROW
    WHEN (current_user = 'wb_app' AND OLD.completed_at IS NULL AND NEW.completed_at IS NOT NULL)
    EXECUTE FUNCTION sharing_founded();
DROP TRIGGER sharing_said_why ON sharing_disclosure;
CREATE TRIGGER sharing_said_why BEFORE UPDATE ON sharing_disclosure FOR EACH ROW
    WHEN (current_user = 'wb_app' AND (OLD.refused_at, OLD.refusal) IS DISTINCT FROM (NEW.refused_at, NEW.refusal))
    EXECUTE FUNCTION sharing_said_why();
DROP TRIGGER sharing_said_why ON sharing_request;
CREATE TRIGGER sharing_said_why BEFORE UPDATE ON sharing_request FOR EACH ROW
    WHEN (current_user = 'wb_app' AND (OLD.refused_at, OLD.refusal) IS DISTINCT FROM (NEW.refused_at, NEW.refusal))
    EXECUTE FUNCTION sharing_said_why();
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the same triggers for every role come back by migrating ``sharing`` anew."""

    dependencies = [("sharing", "0044_a_request_between_those_it_concerns")]

    operations = [migrations.RunSQL(APP)]
