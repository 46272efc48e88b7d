"""What a provider's groups are here."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.events.bus import emit
from tenants.members.giving import authorize_filling
from tenants.members.models import Role, Team
from tenants.members.permissions import CHANGE_SECURITY
from tenants.sso.models import Connection, GroupRule
from tenants.sso.vouching import refuse_giving, refuse_lesser

MOST_RULES = 200


@transaction.atomic
def add_group_rule(
    connection: Connection, *, value: str, role: Role | None, team: Team | None, actor: Actor
) -> GroupRule:
    """Have a group of the provider's mean a role, a team, or both."""
    connection = Connection.objects.lock(connection.pk)
    authorize(actor, CHANGE_SECURITY)
    refuse_lesser(connection, actor=actor)
    if role is not None:
        refuse_giving(role, actor=actor)
    authorize_filling([team.pk] if team else [], actor=actor)
    if connection.rules.count() >= MOST_RULES:
        raise ValidationError(_("A connection has 200 rules at most."))
    rule = GroupRule(connection=connection, value=value.strip(), role=role, team=team)
    rule.full_clean()
    rule.save(force_insert=True)
    emit("sso_connection.updated", connection, actor=actor, fields=["rules"])
    return rule


@transaction.atomic
def remove_group_rule(rule: GroupRule, *, actor: Actor) -> None:
    """Have a group mean nothing here any more; roles change when their members sign in next."""
    authorize(actor, CHANGE_SECURITY)
    refuse_lesser(rule.connection, actor=actor)
    authorize_filling([rule.team_id] if rule.team_id else [], actor=actor)
    emit("sso_connection.updated", rule.connection, actor=actor, fields=["rules"])
    rule.delete()
