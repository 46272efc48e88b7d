"""In whose name the database is asked: one workspace, or the control plane, or nobody.

The scope lives in ContextVars, so it follows a request, a job or a command and
nothing else: a new thread starts with no scope, and a query without a scope is
refused by the database backend.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

log = logging.getLogger(__name__)


class IsolationError(RuntimeError):
    """Code reached for a workspace it is not bound to. Always a bug; never shown to a person."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """What code may know of the workspace it runs in without asking the control plane."""

    id: UUID
    schema: str
    slug: str
    name: str
    language: str
    time_zone: str
    currency: str
    country: str
    url: str


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """The platform's own tables, entered for a stated reason."""

    reason: str


type Scope = Workspace | ControlPlane | None

_scope: ContextVar[Scope] = ContextVar("scope", default=None)
_bound: ContextVar[Workspace | None] = ContextVar("bound_workspace", default=None)

# Called at the start of every request, job or command of a workspace, for what must be fresh then.
BEGINNINGS: list[Callable[[], None]] = []


def current_scope() -> Scope:
    return _scope.get()


def bound_workspace() -> Workspace | None:
    """Return the workspace this request, job or command belongs to, even inside the control plane."""
    return _bound.get()


def current_workspace() -> Workspace:
    """Return the workspace queries now run in; IsolationError when there is none."""
    scope = _scope.get()
    if not isinstance(scope, Workspace):
        raise IsolationError("No workspace is bound here.")
    return scope


@contextmanager
def bind_workspace(workspace: Workspace) -> Iterator[Workspace]:
    """Run the block in this workspace. Another workspace cannot be bound inside it."""
    bound = _bound.get()
    if bound is not None and bound.id != workspace.id:
        raise IsolationError(f"Bound to {bound.schema}; {workspace.schema} may not be entered.")
    bound_token = _bound.set(workspace)
    scope_token = _scope.set(workspace)
    if bound is None:
        for begin in BEGINNINGS:
            begin()
    try:
        yield workspace
    finally:
        _scope.reset(scope_token)
        _bound.reset(bound_token)


@contextmanager
def control_plane(reason: str) -> Iterator[None]:
    """Run the block on the platform's tables: the only way out of a workspace, and logged."""
    bound = _bound.get()
    if bound is not None:
        log.info("control plane entered from %s: %s", bound.schema, reason)
    token = _scope.set(ControlPlane(reason))
    try:
        yield
    finally:
        _scope.reset(token)
