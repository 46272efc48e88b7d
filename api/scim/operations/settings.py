"""Letting a provider in, and saying what becomes of the members it makes and takes away."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from api.scim.models import ScimSettings, ScimTeam, ScimToken
from api.scim.operations.roles import follow_teams
from api.scim.refusals import ScimForAdmins
from api.secrets import SCIM_TOKEN, hint_of
from core.access import authorize
from core.actors import Actor
from core.events.bus import emit
from core.permissions import for_owners
from core.secret_hashes import hash_of
from tenants.members.giving import may_give
from tenants.members.models import Role, Team, User
from tenants.members.permissions import CHANGE_SECURITY
from tenants.sso.vouching import refuse_giving

# How long the token before goes on working, so that nobody hurries at the provider.
OVERLAP = timedelta(hours=24)


@transaction.atomic
def make_scim_token(*, actor: Actor, at: datetime) -> tuple[ScimToken, str]:
    """Return a new token and its secret, told this once; the ones before end after a day."""
    _refuse_but_admins(actor)
    if actor.kind != "member":
        # A key that could make tokens would outlive its own revocation.
        raise PermissionDenied(CHANGE_SECURITY)
    secret = SCIM_TOKEN.new()
    ScimToken.objects.filter(expires_at__lte=at).delete()
    ScimToken.objects.filter(expires_at=None).update(expires_at=at + OVERLAP)
    token = ScimToken(
        secret_hash=hash_of(secret),
        hint=hint_of(secret),
        reaches_owners=for_owners() <= actor.permissions,
    )
    token.save(force_insert=True)
    emit("scim_token.created", token, actor=actor)
    return token, secret


@transaction.atomic
def revoke_scim_tokens(*, actor: Actor) -> None:
    """Shut the provider out at once; the members it made stay as they are."""
    _refuse_but_admins(actor)
    for token in ScimToken.objects.select_for_update():
        emit("scim_token.revoked", token, actor=actor)
        token.delete()


@transaction.atomic
def change_scim_settings(*, changes: Mapping[str, Any], actor: Actor) -> ScimSettings:
    """Say who takes over the records of those who leave, and which role new members have."""
    _refuse_but_admins(actor)
    ScimSettings.objects.get_or_create(is_the_one=True)
    settings = ScimSettings.objects.select_for_update().get()
    role, successor = changes.get("default_role"), changes.get("successor")
    if role is not None:
        refuse_giving(role, actor=actor)
    people = User.objects.active_people()
    if successor is not None and not people.filter(pk=successor.pk).exists():
        raise ValidationError({"successor": _("Choose an active member.")})
    fields = [name for name in ("successor", "default_role") if name in changes]
    for name in fields:
        setattr(settings, name, changes[name])
    settings.full_clean()
    settings.save(update_fields=fields)
    emit("scim_settings.updated", settings, actor=actor, fields=sorted(fields))
    return settings


@transaction.atomic
def give_team_role(team: Team, *, role: Role | None, actor: Actor) -> ScimTeam:
    """Have the members of a team whom the provider manages have this role, from now on."""
    _refuse_but_admins(actor)
    if role is not None:
        refuse_giving(role, actor=actor)
    link, _is_new = ScimTeam.objects.get_or_create(team=team)
    link.role = role
    link.save(update_fields=["role"])
    emit("scim_team.updated", link, actor=actor, fields=["role"])
    follow_teams(User.objects.filter(memberships__team=team), actor=actor)
    return link


def _refuse_but_admins(actor: Actor) -> None:
    """A token changes everybody's log-in, so nobody makes one who could not do that themselves."""
    authorize(actor, CHANGE_SECURITY)
    if not may_give(Role.objects.get(key=Role.Key.ADMIN), actor=actor):
        raise ScimForAdmins
