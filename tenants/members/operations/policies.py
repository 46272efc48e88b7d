"""Changing what a workspace demands of those who log in."""

from collections.abc import Collection, Mapping
from datetime import datetime
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from tenants.members.models import LoginPolicy, Role
from tenants.members.permissions import CHANGE_SECURITY

PLAIN = ("grace_days", "networks", "idle_minutes", "lasting_hours", "password_length")


class ShutsYouOut(OperationError):
    code = "shuts_you_out"
    message = _(
        "Your own address is not among these, so you would shut yourself out. Add it first."
    )


@transaction.atomic
def change_login_policy(
    *, changes: Mapping[str, Any], address: str, actor: Actor, at: datetime
) -> LoginPolicy:
    """Change the policy; `address` is where the actor comes from, and stays allowed.

    `changes` takes the policy's fields and `needs_second_factor`.
    """
    authorize(actor, CHANGE_SECURITY)
    policy = LoginPolicy.objects.held()
    wanted = {name: changes[name] for name in PLAIN if name in changes}
    if changes.get("needs_second_factor", policy.needs_second_factor) != policy.needs_second_factor:
        wanted["second_factor_since"] = None if policy.needs_second_factor else at
    fields = [name for name, value in wanted.items() if getattr(policy, name) != value]
    for name in fields:
        setattr(policy, name, wanted[name])
    policy.full_clean()
    policy.networks = [str(ip_network(each)) for each in policy.networks]
    if not policy.lets_in(address):
        raise ShutsYouOut
    if fields:
        policy.save(update_fields=fields)
        emit("login_policy.updated", policy, actor=actor, fields=sorted(fields))
    return policy


@transaction.atomic
def require_second_factor(roles: Collection[UUID], *, actor: Actor, at: datetime) -> None:
    """Have the members of these roles need a second factor, and those of no others."""
    authorize(actor, CHANGE_SECURITY)
    for role in Role.objects.select_for_update().order_by("pk"):
        if (role.pk in roles) == role.needs_second_factor:
            continue
        role.second_factor_since = at if role.pk in roles else None
        role.save(update_fields=["second_factor_since"])
        emit("role.updated", role, actor=actor, fields=["second_factor_since"])
