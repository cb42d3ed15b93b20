"""Start-up refuses where the second layer is not whole."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from .load import database_hash
from .matrix import matrix_hash
from .protect import PROTECTED
from .rls import applied_hash, policy_hash

ROLE = "SELECT rolsuper OR rolbypassrls, current_user FROM pg_roles WHERE rolname = current_user"
FORCED = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
ERASES = (
    "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r' AND has_table_privilege(oid, 'DELETE')"
)
OWNED = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s) AND relowner = current_user::regrole"
RESTORED_BEFORE = (
    "The pages could delete records: an earlier version restored this database and gave them more than they had."
    " Restore the backup again, with this version."
)


@register(Tags.database)
def whole(app_configs: Any = None, databases: Any = None, **_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(ROLE)
            (mighty, role) = cursor.fetchone() or (True, "nobody")
            if role == "wb_owner":
                continue
            cursor.execute(FORCED)
            forced = {name for (name,) in cursor.fetchall()}
            cursor.execute(OWNED, [list(PROTECTED)])
            (owned,) = cursor.fetchone() or (1,)
            cursor.execute(ERASES, [list(PROTECTED)])
            (erases,) = cursor.fetchone() or (1,)
        if erases:
            found.append(Error(RESTORED_BEFORE, id="access.E004"))
        found += _judge(mighty, owned, forced, alias)
    return found


def _judge(mighty: bool, owned: int, forced: set[str], alias: str) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if mighty or owned:
        found.append(Error("The service is signed in as a role that row policies don't bind.", id="access.E001"))
    for table in sorted(set(PROTECTED) - forced):
        found.append(Error(f"{table} has no forced row policy. Run as the owner: migrate", id="access.E002"))
    same_rules = database_hash(connections[alias]) == matrix_hash()
    if not same_rules or applied_hash(alias) != policy_hash():
        found.append(
            Error("The rules in the database are not those of the file. Run as the owner: migrate", id="access.E003")
        )
    return found
