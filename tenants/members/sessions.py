"""Sessions, kept in the tables of the workspace they belong to, and whose they are."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

from core.isolation.scope import Workspace, current_scope, current_workspace
from core.prepared import Prepared, ask_together, given
from tenants.members.models import Session, User
from tenants.members.second_factors import POLICY, VOUCHED, has_second_factor, with_policy

# Every request asks these three at once: the session, whose it is, and what is demanded of them.
SESSION = Prepared(
    lambda: Session.objects.filter(
        given("members_session.session_key = %s AND members_session.expire_date > %s")
    )
)
ITS_MEMBER = Prepared(
    lambda: (
        User.objects.filter(
            given("members_user.id = (SELECT user_id FROM members_session WHERE session_key = %s)")
        )
        .select_related("role")
        .annotate(has_second_factor=has_second_factor())
    )
)
MEMBER = Prepared(
    lambda: (
        User.objects.filter(given("members_user.id = %s"))
        .select_related("role")
        .annotate(has_second_factor=has_second_factor())
    )
)
# How long we keep in mind what somebody does who is not logged in, such as waiting for a code.
STRANGERS = timedelta(days=1)
# The member found with the session just loaded; Django asks for them next, by id and without the request.
_found: ContextVar[User | None] = ContextVar("member_of_session", default=None)


class SessionStore(DatabaseSessions):
    """Sessions inside a workspace, as its policy allows; nothing at all on the public host."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def load(self) -> dict[str, Any]:
        return super().load() if isinstance(current_scope(), Workspace) else {}

    def exists(self, session_key: str) -> bool:
        return isinstance(current_scope(), Workspace) and super().exists(session_key)

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        key = self._get_or_create_session_key()  # type: ignore[attr-defined]
        if self.row is None or self.row.session_key != key:
            self.row = Session(session_key=key)
        self.row.session_data = self.encode(data)
        self.row.user_id = data.get(SESSION_KEY)
        self.row.has_second_factor = bool(data.get(VOUCHED)) and data.get(VOUCHED) == data.get(
            SESSION_KEY
        )
        self.row.expire_date = self.get_expiry_date()
        if self.row.user_id is None:
            self.row.expire_date = min(self.row.expire_date, timezone.now() + STRANGERS)
        return self.row

    def _get_session_from_db(self) -> Session | None:
        at = timezone.now()
        rows, members, policies = ask_together(
            [(SESSION, [self.session_key, at]), (ITS_MEMBER, [self.session_key]), (POLICY, [])]
        )
        member = _informed(members, policies, rows)
        if not rows or (member and member.policy and rows[0].is_over(member.policy, at)):
            self._session_key = None
            return None
        _found.set(member)
        self.row = rows[0]
        return self.row


class MemberBackend(AuthenticationBackend):
    """The log-in library's backend, which reads the member, their role and the policy at once."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Return whether they may be logged in at all: service accounts work with keys alone."""
        return not user.is_service and super().user_can_authenticate(user)

    def get_user(self, user_id: UUID) -> User | None:
        member = _found.get()
        _found.set(None)
        if member is None or str(member.pk) != str(user_id) or not _is_here(member):
            found, policies = ask_together([(MEMBER, [user_id]), (POLICY, [])])
            member = _informed(found, policies)
        return member if member and self.user_can_authenticate(member) else None


def _informed(
    found: list[Any], policies: list[Any], sessions: Sequence[Session] = ()
) -> User | None:
    if not found:
        return None
    is_protected = found[0].has_second_factor or any(each.has_second_factor for each in sessions)
    return with_policy(found[0], policies, is_protected=is_protected)


def _is_here(member: User) -> bool:
    return member._workspace == current_workspace().schema
