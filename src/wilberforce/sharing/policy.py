"""Who may sign and let go: a data guardian, in their own agency. The database shows each side its own rows alone."""

from uuid import UUID

from django.db import connection

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.base.errors import NotAllowed

from .models import Agreement, Disclosure

WHOLE = "all"
FIELD_NAMES_ONLY = "immigration"


def agreement_of(actor: Actor, agreement_id: UUID) -> Agreement:
    """Raises NotAllowed whether it is absent or another pair's."""
    found = Agreement.objects.filter(pk=agreement_id).first()
    if found is None or actor.agency not in (found.from_agency_id, found.to_agency_id):
        raise NotAllowed(rule="agreement", reason="row")
    return found


def own_disclosure(actor: Actor, disclosure_id: UUID) -> Disclosure:
    found = Disclosure.objects.select_for_update().filter(pk=disclosure_id, from_agency_id=actor.home).first()
    if found is None:
        raise NotAllowed(rule="disclosure", reason="row")
    return found


def agreed(to_agency: UUID, data_class: str, projection: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY (ARRAY(SELECT fact_agreement(%s, %s)))", [to_agency, data_class, projection])
        row = cursor.fetchone()
    return bool(row and row[0])


def waiting_for(actor: Actor) -> list[Disclosure]:
    """What waits for this approver, the oldest first; alerts that went at once are among it."""
    if actor.role != "data_guardian":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT sharing_pending()")
        ids = [row[0] for row in cursor.fetchall()]
    return list(Disclosure.objects.filter(pk__in=ids).order_by("asked_at"))


def preview_of(data_class: str) -> str:
    return "outgoing_field_names" if data_class == FIELD_NAMES_ONLY else "outgoing_preview"


def projections_of(data_class: str) -> set[str]:
    """The projections that the matrix knows of a class, and the whole of it."""
    named = {rule.fields.split(".")[0] for rule in matrix().rules if data_class in rule.classes and rule.fields}
    return named | {WHOLE}
