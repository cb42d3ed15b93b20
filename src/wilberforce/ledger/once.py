"""A form is acted on once. The token is claimed inside the form's own transaction."""

from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse

from wilberforce.access.context import Actor

from .models import Once


def token_of(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST["once"]) if request.method == "POST" else None
    except (KeyError, ValueError):
        return None


CLAIM = """
INSERT INTO ledger_once (token, membership_id, answer, at) VALUES (%s, %s, '', statement_timestamp())
ON CONFLICT (token) DO NOTHING
"""


def answered(actor: Actor, token: UUID) -> str:
    """Where the first sending led, or nothing. A second click waits here until the first has committed."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [token, actor.membership])
        if cursor.rowcount == 1:
            return ""
    found = Once.objects.filter(token=token, membership_id=actor.membership).first()
    return found.answer if found and found.answer else "/"


def settle(actor: Actor, token: UUID, response: HttpResponse) -> None:
    """Remember where it led; if it was answered with errors, the same token may be sent again."""
    mine = Once.objects.filter(token=token, membership_id=actor.membership)
    if response.status_code in (302, 303):
        mine.update(answer=response.headers["Location"][:300])
    else:
        mine.delete()
