"""Sessions, kept in the tables of the workspace they belong to, and whose they are."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.isolation.scope import Workspace, current_scope
from core.prepared import Prepared, given
from tenants.members.models import User

# Both are asked by every request.
SESSION = Prepared(
    lambda: Session.objects.filter(
        given("django_session.session_key = %s AND django_session.expire_date > %s")
    )
)
MEMBER = Prepared(lambda: User.objects.filter(given("members_user.id = %s")).select_related("role"))


class SessionStore(DatabaseSessions):
    """Django's database sessions inside a workspace; nothing at all on the public host."""

    def load(self) -> dict[str, Any]:
        return super().load() if isinstance(current_scope(), Workspace) else {}

    def exists(self, session_key: str) -> bool:
        return isinstance(current_scope(), Workspace) and super().exists(session_key)

    def _get_session_from_db(self) -> Session | None:
        found = SESSION.one(self.session_key, timezone.now())
        if found is None:
            self._session_key = None
        return found


class MemberBackend(AuthenticationBackend):
    """The log-in library's backend, which reads the member together with their role."""

    def get_user(self, user_id: UUID) -> User | None:
        member = MEMBER.one(user_id)
        return member if member and self.user_can_authenticate(member) else None
