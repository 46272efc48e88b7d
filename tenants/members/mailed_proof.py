"""Proving who one is by a code in one's mailbox, for members who have no password and no factor."""

from typing import Any, Self

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication

from core.http import Request

# What this way of saying who one is is called beside the log-in library's own.
MAIL = "mail"
# Where the session keeps the code that is on its way.
STATE = "mailed_proof"
MOST_TRIES, GOOD_FOR_SECONDS = 3, 600


class MailedProof(AbstractCodeVerificationProcess):
    """One code, good for ten minutes and three tries, for whoever is logged in here."""

    def __init__(self, request: Request, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            max_attempts=MOST_TRIES, timeout=GOOD_FOR_SECONDS, state=state, user=request.user
        )

    @classmethod
    def under_way(cls, request: Request) -> Self | None:
        """Return the proof a code was mailed for and is still awaited."""
        state = request.session.get(STATE)
        proof: Self | None = cls(request, state).abort_if_invalid() if state else None
        return proof

    @classmethod
    def begin(cls, request: Request) -> Self:
        """Mail a code to the member's own address; one that was mailed before counts no more."""
        member: Any = request.user
        proof = cls(request, cls.initial_state(member, member.email))
        proof.send()
        proof.persist()
        return proof

    def send(self) -> None:
        adapter = get_adapter()
        self.state["code"] = adapter.generate_login_code()
        context = {"code": self.code, "request": self.request}
        adapter.send_mail("account/email/proof_code", self.state["email"], context)

    def persist(self) -> None:
        self.request.session[STATE] = self.state

    def abort(self) -> None:
        self.request.session.pop(STATE, None)

    def finish(self) -> None:
        """Note that the member proved who they are."""
        self.abort()
        record_authentication(self.request, self.request.user, "code", reauthenticated=True)
