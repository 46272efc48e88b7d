"""Sessions, kept in the tables of the workspace they belong to."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from core.isolation.scope import Workspace, current_scope


class SessionStore(DatabaseSessions):
    """Django's database sessions inside a workspace; nothing at all on the public host."""

    def load(self) -> dict[str, Any]:
        return super().load() if isinstance(current_scope(), Workspace) else {}

    def exists(self, session_key: str) -> bool:
        return isinstance(current_scope(), Workspace) and super().exists(session_key)
