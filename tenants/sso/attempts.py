"""A sign-in under way: begun in one browser, in one workspace, for one connection, good for ten minutes and once."""

import secrets
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from allauth.socialaccount.internal.statekit import stash_state, unstash_state
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge

from tenants.sso.models import Connection
from tenants.sso.refusals import NotAskedAnew

# How far the provider's clock may be from ours.
LEEWAY_SECONDS = 60


class Purpose(StrEnum):
    """What a sign-in is for."""

    LOG_IN = "login"
    # An admin looks at what the provider says; nothing is changed.
    TEST = "test"
    # A member who is logged in proves once more who they are.
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the session keeps of a sign-in until its answer comes."""

    id: str
    purpose: Purpose
    next: str
    nonce: str
    pkce_verifier: str
    pkce_challenge: dict[str, str]
    at: float

    @property
    def is_test(self) -> bool:
        return self.purpose == Purpose.TEST

    @property
    def is_again(self) -> bool:
        return self.purpose == Purpose.AGAIN

    def refuse_old_log_in(self, asked_at: Any) -> None:
        """Refuse a member who is to prove anew who they are, unless the provider asked them since.

        That it should stands in an address the browser is sent to, and whoever sits there can change it.
        """
        is_since = isinstance(asked_at, int | float) and asked_at >= self.at - LEEWAY_SECONDS
        if self.is_again and not is_since:
            raise NotAskedAnew


def begin_attempt(
    request: Any, connection: Connection, *, purpose: Purpose, next_url: str
) -> Attempt:
    """Begin a sign-in and keep it in this browser's session, which is the workspace's own."""
    pkce = generate_code_challenge()
    verifier = pkce.pop("code_verifier")
    # A letter first: the same id names a SAML request, which is XML.
    number = f"a{secrets.token_hex(24)}"
    state = {
        "purpose": purpose.value,
        "next": next_url,
        "nonce": secrets.token_urlsafe(32),
        "verifier": verifier,
        "at": time.time(),
    }
    stash_state(request, provider_id=connection.provider_id, state=state, state_id=number)
    return _attempt(number, state, pkce)


def take_attempt(request: Any, connection: Connection, number: str) -> Attempt | None:
    """Return the attempt of this number, once, if it is this browser's and this connection's."""
    state = unstash_state(request, provider_id=connection.provider_id, state_id=number)
    return _attempt(number, state, {}) if state else None


def _attempt(number: str, state: dict[str, Any], pkce: dict[str, str]) -> Attempt:
    return Attempt(
        id=number,
        purpose=Purpose(state["purpose"]),
        next=state["next"],
        nonce=state["nonce"],
        pkce_verifier=state["verifier"],
        pkce_challenge=pkce,
        at=state["at"],
    )
