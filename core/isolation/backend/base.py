"""The database backend: every query runs in a transaction, as one workspace's role, in its schema.

Role and path are `SET LOCAL`, sent in the same round trip as BEGIN, so a pooled
connection can never carry them into somebody else's transaction.
"""

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from django.db.backends.postgresql.features import DatabaseFeatures
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from django_tenants.postgresql_backend.base import FakeTenant
from django_tenants.utils import get_public_schema_name

from core.isolation.scope import IsolationError, Scope, Workspace, current_scope

CONTROL_ROLE = "atrium_control"


def scope_sql(scope: Workspace | object) -> str:
    """Return the statements that put the open transaction into this scope."""
    if isinstance(scope, Workspace):
        role, path = scope.schema, f'"{scope.schema}", jobs, pg_temp'
    else:
        role, path = CONTROL_ROLE, "public, jobs, pg_temp"
    return f'SET LOCAL ROLE "{role}"; SET LOCAL search_path = {path}'


class Features(DatabaseFeatures):
    """PostgreSQL's; known, so that nobody creates a table to find out."""

    supports_transactions = True


class DatabaseWrapper(TenantsWrapper):
    """django-tenants' wrapper, led by the scope of the running code instead of by `set_tenant`."""

    features_class = Features

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._applied: Scope = None
        self._entering = False
        super().__init__(*args, **kwargs)

    @property
    def schema_name(self) -> str:
        """The schema of the running code's scope, for the library's own questions."""
        scope = current_scope()
        return scope.schema if isinstance(scope, Workspace) else get_public_schema_name()

    @schema_name.setter
    def schema_name(self, value: str | None) -> None:
        """Take the library's first word when it makes the wrapper; refuse any other."""
        if value not in (None, self.schema_name):
            raise IsolationError(f"{value} was asked for while bound to {self.schema_name}.")

    def set_schema_to_public(self) -> None:
        self.tenant = FakeTenant(get_public_schema_name())

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Accept only what the scope already says: nobody switches workspaces behind its back."""
        self.schema_name = tenant.schema_name
        self.tenant = tenant

    # Django calls this instead of switching psycopg's autocommit off, which would send BEGIN alone.
    def _start_transaction_under_autocommit(self) -> None:
        scope = current_scope()
        self._applied = None
        begin = "BEGIN" if scope is None else f"BEGIN; {scope_sql(scope)}; {limits_sql()}"
        try:
            with self._unguarded_cursor() as cursor:
                cursor.execute(begin)
        except DatabaseError:
            # It began, but in nobody's name: the next one would find it open.
            self.close()
            raise
        self._applied = scope

    def _unguarded_cursor(self) -> Any:
        self._entering = True
        try:
            return self.cursor()
        finally:
            self._entering = False

    def _cursor(self, name: str | None = None) -> Any:
        cursor = PostgresWrapper._cursor(self, name)  # type: ignore[attr-defined]
        if not self._entering:
            self._enter_scope(cursor)
        return cursor

    def _enter_scope(self, cursor: Any) -> None:
        scope = current_scope()
        if scope is None:
            raise IsolationError("A query was made in no workspace's name.")
        if not self.in_atomic_block:
            raise IsolationError("A query was made outside a transaction.")
        if scope != self._applied:
            cursor.execute(scope_sql(scope))
            self._applied = scope

    def init_connection_state(self) -> None:
        self._entering = True
        try:
            PostgresWrapper.init_connection_state(self)
        finally:
            self._entering = False

    # Django releases and rolls back savepoints through a cursor of its own.
    def _savepoint_rollback(self, sid: str) -> None:
        with self._unguarded_cursor() as cursor:
            cursor.execute(self.ops.savepoint_rollback_sql(sid))

    def savepoint_rollback(self, sid: str) -> None:
        try:
            PostgresWrapper.savepoint_rollback(self, sid)
        finally:
            self._applied = None  # PostgreSQL restored the role of the savepoint's time

    def check_constraints(self, table_names: Any = None) -> None:
        with self._unguarded_cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def close(self) -> None:
        self._applied = None
        PostgresWrapper.close(self)

    def rollback(self) -> None:
        self._applied = None
        PostgresWrapper.rollback(self)


def limits_sql() -> str:
    """Return the per-transaction time limits; ALTER ROLE's are not applied by SET ROLE."""
    return f"SET LOCAL statement_timeout = {int(settings.STATEMENT_TIMEOUT_MS)}"
