"""From members and teams to SCIM's resources, and back to what operations take."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from scim2_models import InvalidValueException

from api.scim import resources
from api.scim.models import ScimMember, ScimTeam
from api.scim.operations.members import Person
from core.isolation.scope import current_workspace
from tenants.members.models import Team, User
from tenants.time_zones import time_zones

BASE = "/scim/v2"
LONGEST = 255
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def location_of(kind: str, pk: UUID) -> str:
    """Return the address of a resource."""
    return f"{current_workspace().url}{BASE}/{kind}/{pk}"


def described(resource: Any, kind: str, pk: UUID) -> dict[str, Any]:
    """Return what `meta` says of a resource, but its version."""
    return {"resourceType": kind, "location": location_of(f"{kind}s", pk)}


def user_resource(member: User) -> resources.User:
    """Return a member as SCIM knows them; read with `members_with_links`."""
    link = _link(member)
    return resources.User(
        id=str(member.pk),
        external_id=(link.external_id or None) if link else None,
        user_name=(link.user_name if link else "") or member.email,
        name=resources.Name(
            formatted=member.name,
            given_name=member.given_name or None,
            family_name=member.family_name or None,
        ),
        display_name=member.name,
        active=member.is_active,
        emails=[resources.Email(value=member.email, type="work", primary=True)],
        preferred_language=member.language,
        timezone=member.time_zone,
        groups=[
            resources.Membership(value=str(team.pk), display=team.name)
            for team in sorted(member.teams.all(), key=lambda team: team.name)
        ]
        or None,
    )


def group_resource(team: Team) -> resources.Group:
    """Return a team as SCIM knows it; read with `teams_with_links`."""
    link: ScimTeam | None = getattr(team, "scim", None)
    people = sorted((each.user for each in team.memberships.all()), key=lambda user: user.email)
    return resources.Group(
        id=str(team.pk),
        external_id=(link.external_id or None) if link else None,
        display_name=team.name,
        members=[
            resources.GroupMember(value=str(user.pk), display=user.name, type="User")
            for user in people
            if not (_link(user) and _link(user).is_deleted)  # type: ignore[union-attr]
        ]
        or None,
    )


def members_with_links() -> Any:
    """Return all members whom the provider may know, the oldest first."""
    rows = User.objects.filter(is_service=False).select_related("scim").prefetch_related("teams")
    return rows.exclude(scim__is_deleted=True).order_by("joined_at", "pk")


def teams_with_links() -> Any:
    """Return all teams, in the order they were made."""
    rows = Team.objects.select_related("scim").prefetch_related("memberships__user__scim")
    return rows.order_by("pk")


def person_of(said: resources.User, before: resources.User | None) -> Person:
    """Return what a resource says of somebody; what it leaves out stays as it was."""
    user_name = (said.user_name or "").strip()
    email = _email(said, before, user_name)
    is_new = before is None
    return Person(
        user_name=_short(user_name),
        email=_short(email),
        external_id=_short(said.external_id or ""),
        is_active=True if said.active is None else said.active,
        plain={**_names(said, is_new=is_new), **_habits(said)},
    )


def ids_of(members: Iterable[resources.GroupMember] | None) -> list[UUID]:
    """Return the members a group names; InvalidValueException for what is no id."""
    try:
        return [UUID(each.value or "") for each in members or ()]
    except ValueError as error:
        raise InvalidValueException(detail="A member of a group is no id of a User.") from error


def name_of(said: resources.Group) -> str:
    """Return what a group is called."""
    return _short((said.display_name or "").strip())


def external_id_of(said: resources.Group) -> str:
    """Return the provider's own name of a group."""
    return _short(said.external_id or "")


def _email(said: resources.User, before: resources.User | None, user_name: str) -> str:
    """Return the address to sign in with: the one in `emails`, unless the name alone has changed."""
    wanted = _first(said)
    known = _first(before) if before else ""
    if not wanted or (wanted == known and before and before.user_name == known):
        return user_name if "@" in user_name else wanted or known
    return wanted


def _first(said: resources.User) -> str:
    emails = [each for each in said.emails or () if each.value]
    emails.sort(key=lambda each: (not each.primary, each.type != "work"))
    return (emails[0].value or "").strip() if emails else ""


def _names(said: resources.User, *, is_new: bool) -> dict[str, str]:
    given = (said.name.given_name if said.name else "") or ""
    family = (said.name.family_name if said.name else "") or ""
    if is_new and not (given or family):
        whole = (said.name.formatted if said.name else "") or said.display_name or ""
        given, _space, family = whole.strip().rpartition(" ")
        given, family = (given, family) if given else (family, "")
    return {"given_name": given.strip(), "family_name": family.strip()}


def _habits(said: resources.User) -> dict[str, str]:
    """Return the language and time zone, where they are ones we have."""
    found = {}
    tag = (said.preferred_language or "").replace("_", "-").lower()
    language = next((each for each in LANGUAGES if tag and tag[:2] == each[:2]), "")
    if language:
        found["language"] = language
    if said.timezone in dict(time_zones()):
        found["time_zone"] = str(said.timezone)
    return found


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise InvalidValueException(detail="A value is longer than 255 characters.")
    return text


def _link(member: User) -> ScimMember | None:
    return getattr(member, "scim", None)
