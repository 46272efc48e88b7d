"""Which ways lead into the workspace: its connections, and passwords unless those are the only way."""

from django.urls import reverse

from core.isolation.scope import Workspace, current_scope
from tenants.members.models import Role, User
from tenants.members.second_factors import is_protected_now
from tenants.members.ways_in import WaysIn
from tenants.sso.models import Connection, SignInRule


def is_enforced() -> bool:
    """Return whether members sign in through a connection only."""
    if not isinstance(current_scope(), Workspace):
        return False
    is_wanted: bool = SignInRule.objects.filter(is_enforced=True).exists()
    # With the last connection gone, passwords are the only way there is.
    return is_wanted and Connection.objects.offered().exists()


def ways_in() -> WaysIn:
    """Return what the log-in page offers."""
    if not isinstance(current_scope(), Workspace):
        return WaysIn()
    links = tuple(
        (connection.name, reverse("sso:start", args=[connection.pk]))
        for connection in Connection.objects.offered()
    )
    return WaysIn(links, bool(links) and is_enforced())


def may_break_glass(user: User) -> bool:
    """Return whether this member gets in by password where that is closed: an owner with a second factor."""
    return user.role.key == Role.Key.OWNER and is_protected_now(user)
