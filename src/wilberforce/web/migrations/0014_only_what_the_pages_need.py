"""What the application's role may do in tables that no stage made, and to the letterboxes that persons hold: what its
code does there, and nothing else. A table is born with all four rights, so that none is forgotten when one is added."""

from django.db import migrations

NEEDS = {
    "django_migrations": "SELECT",
    "django_content_type": "",
    "auth_group": "",
    "auth_group_permissions": "",
    "auth_permission": "",
    "account_emailaddress": "SELECT",
    "account_emailconfirmation": "",
    "axes_accessattemptexpiration": "SELECT, DELETE",  # the library ends it with the attempt that it belongs to
    "axes_accessfailurelog": "",
    "axes_accesslog": "",
    "procrastinate_events": "SELECT, INSERT",
    "agencies_heldletterbox": "SELECT, INSERT",
    "agencies_keysasked": "SELECT, INSERT",
}
STAYS = """
GRANT UPDATE (lock, recovery) ON agencies_heldletterbox TO wb_app;
GRANT UPDATE (second_id, answered_at, taken_over_at) ON agencies_keysasked TO wb_app;
"""


def only_these(table: str, rights: str) -> str:
    taken = f"REVOKE ALL ON {table} FROM wb_app;\n"
    return taken + (f"GRANT {rights} ON {table} TO wb_app;\n" if rights else "")


class Migration(migrations.Migration):
    """Not reversible: nothing needs the wider rights again."""

    dependencies = [
        ("web", "0013_whose_follow_up"),
        ("agencies", "0018_a_shift_is_called_off"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("axes", "0010_accessattemptexpiration"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [migrations.RunSQL("".join(only_these(*one) for one in NEEDS.items()) + STAYS)]
