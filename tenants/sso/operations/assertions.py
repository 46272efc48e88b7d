"""Signed answers: each is taken once, and remembered until it could not be shown again."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from core.secret_hashes import hash_of
from tenants.sso.models import Assertion, Connection
from tenants.sso.refusals import SignInFailed
from tenants.sso.saml import Answer
from tenants.sso.sealing import SAID, opened, sealed

# The browser comes for it at once; the time it may be shown again is the provider's to say.
WAITS = timedelta(minutes=2)
LONGEST = timedelta(days=1)
DRIFT = timedelta(minutes=10)


class Taken(NamedTuple):
    """The question an answer was to, whom it names, what it says of them, and when they were asked."""

    in_response_to: str
    subject: str
    said: dict[str, Any]
    asked_at: float


@transaction.atomic
def keep_assertion(connection: Connection, answer: Answer, *, at: datetime) -> str:
    """Keep what an answer proves and return the ticket it is fetched with; refuses one seen before."""
    ticket = secrets.token_urlsafe(32)
    assertion = Assertion(
        connection=connection,
        assertion_hash=hash_of(answer.id),
        ticket_hash=hash_of(ticket),
        in_response_to=answer.in_response_to[:200],
        arrived_at=at,
        expires_at=min(answer.expires_at, at + LONGEST) + DRIFT,
    )
    told = json.dumps([answer.subject, answer.said, answer.asked_at])
    assertion.sealed_said = sealed(told, uid=SAID, row=assertion.pk)
    if answer.expires_at > at + LONGEST:
        raise SignInFailed("too long")
    try:
        with transaction.atomic():
            assertion.save(force_insert=True)
    except IntegrityError as error:
        raise SignInFailed("seen before") from error
    return ticket


@transaction.atomic
def take_assertion(connection: Connection, ticket: str, *, at: datetime) -> Taken:
    """Return, once, what an answer proves to the browser that has its ticket."""
    waiting = Assertion.objects.select_for_update().filter(
        connection=connection, ticket_hash=hash_of(ticket)
    )
    assertion = waiting.first()
    if assertion is None or not assertion.sealed_said or at >= assertion.arrived_at + WAITS:
        raise SignInFailed("ticket")
    subject, said, asked_at = json.loads(opened(assertion.sealed_said, uid=SAID, row=assertion.pk))
    assertion.sealed_said = b""
    assertion.save(update_fields=["sealed_said"])
    return Taken(assertion.in_response_to, subject, said, asked_at)


@transaction.atomic
def forget_assertions(*, at: datetime) -> int:
    """Delete answers that could not be shown again; return how many."""
    forgotten, _rows = Assertion.objects.filter(expires_at__lt=at).delete()
    return forgotten
