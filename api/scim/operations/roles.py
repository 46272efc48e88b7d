"""The roles of members a provider manages: those of the teams it puts them in."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from api.scim.models import ScimSettings, ScimTeam
from core.actors import Actor
from tenants.members.models import Role, User
from tenants.members.operations.roles import change_role


def default_role() -> Role:
    """Return the role of members whom no team gives one."""
    settings = ScimSettings.objects.select_related("default_role").first()
    chosen: Role | None = settings.default_role if settings else None
    return chosen or Role.objects.get(key=Role.Key.VIEWER)


def roles_of_teams(teams: Collection[UUID]) -> QuerySet[Role]:
    """Return the roles that members of these teams have when a provider manages them."""
    links = ScimTeam.objects.filter(team_id__in=teams)
    return Role.objects.filter(pk__in=links.exclude(role=None).values("role"))


@transaction.atomic
def follow_teams(members: Iterable[User], *, actor: Actor) -> None:
    """Give these members the first role their teams have; owners, and those we manage ourselves, keep theirs."""
    if not ScimTeam.objects.exclude(role=None).exists():
        return
    managed = User.objects.filter(
        pk__in=[member.pk for member in members],
        scim__isnull=False,
        is_active=True,
        is_service=False,
    )
    for member in managed.exclude(role__key=Role.Key.OWNER).order_by("pk"):
        given = Role.objects.in_order().filter(
            pk__in=ScimTeam.objects.filter(team__memberships__user=member).values("role")
        )
        role = given.first() or default_role()
        if role.pk != member.role_id:
            change_role(member, role, actor=actor)
