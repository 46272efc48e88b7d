"""The roles of members a provider manages: those of the teams it puts them in."""

from collections.abc import Iterable

from django.db import transaction

from api.scim.models import ScimSettings, ScimTeam
from core.actors import Actor
from tenants.members.models import Role, User
from tenants.members.operations.roles import change_role


def default_role() -> Role:
    """Return the role of members whom no team gives one."""
    settings = ScimSettings.objects.select_related("default_role").first()
    chosen: Role | None = settings.default_role if settings else None
    return chosen or Role.objects.get(key=Role.Key.VIEWER)


@transaction.atomic
def follow_teams(members: Iterable[User], *, actor: Actor) -> None:
    """Give these members the first role their teams have; owners, and those we manage ourselves, keep theirs."""
    if not ScimTeam.objects.exclude(role=None).exists():
        return
    managed = User.objects.filter(
        pk__in=[member.pk for member in members], scim__isnull=False, is_active=True
    )
    for member in managed.exclude(role__key=Role.Key.OWNER).order_by("pk"):
        given = Role.objects.in_order().filter(
            pk__in=ScimTeam.objects.filter(team__memberships__user=member).values("role")
        )
        role = given.first() or default_role()
        if role.pk != member.role_id:
            change_role(member, role, actor=actor)
