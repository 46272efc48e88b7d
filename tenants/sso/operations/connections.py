"""Setting connections up, switching them on, and closing passwords beside them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.events.bus import emit
from tenants.members.models import Role, User
from tenants.members.name_system import domain_name, refuse_public_provider
from tenants.members.permissions import CHANGE_SECURITY
from tenants.members.second_factors import has_second_factor
from tenants.sso.models import Connection, SignInRule
from tenants.sso.oidc import discover
from tenants.sso.refusals import (
    NothingToEnforce,
    NotTested,
    NoWayBack,
    StillEnforced,
)
from tenants.sso.saml_metadata import fetch_metadata, provider_of
from tenants.sso.sealing import SECRET, sealed
from tenants.sso.vouching import answer_for, refuse_giving, refuse_lesser

PLAIN = (
    "name", "client_id", "makes_members", "trusted_domains", "has_second_factor",
    "is_unasked_allowed", "email_claim", "given_name_claim", "family_name_claim",
    "groups_claim", "default_role",
)  # fmt: skip
# On these hangs who somebody is; whoever changes them answers for it with their own rights.
BINDING = frozenset(
    ("issuer", "client_id", "sealed_secret", "endpoints", "certificates", "trusted_domains",
     "email_claim", "has_second_factor", "is_unasked_allowed")
)  # fmt: skip
# These give roles in the name of whoever answers for the connection.
GIVING = frozenset(("makes_members", "default_role_id", "groups_claim"))
# After a change of these the provider has to prove anew that it works.
PROVING = frozenset(("issuer", "client_id", "sealed_secret", "endpoints", "certificates"))


@transaction.atomic
def create_connection(protocol: str, *, values: Mapping[str, Any], actor: Actor) -> Connection:
    """Make a connection, which nobody can sign in through until it was tested and switched on."""
    authorize(actor, CHANGE_SECURITY)
    connection = Connection(protocol=protocol)
    answer_for(connection, actor)
    _take(connection, values, actor)
    _refuse_open_to_all(connection)
    connection.full_clean()
    connection.save(force_insert=True)
    emit("sso_connection.created", connection, actor=actor)
    return connection


@transaction.atomic
def update_connection(
    connection: Connection, *, changes: Mapping[str, Any], actor: Actor
) -> Connection:
    """Change a connection; `secret`, `metadata` and `metadata_url` are read anew when they are given."""
    connection = Connection.objects.lock(connection.pk)
    authorize(actor, CHANGE_SECURITY)
    before = _state(connection)
    _take(connection, changes, actor)
    fields = [name for name, value in _state(connection).items() if value != before[name]]
    if not fields:
        return connection
    if GIVING.intersection(fields):
        refuse_lesser(connection, actor=actor)
    if BINDING.intersection(fields):
        answer_for(connection, actor)
    if PROVING.intersection(fields):
        connection.tested_at = None
    if "issuer" in fields:
        # Another provider's people bear other names, even where they look the same.
        connection.identities.all().delete()
    _refuse_open_to_all(connection)
    connection.full_clean()
    connection.save()
    emit("sso_connection.updated", connection, actor=actor, fields=sorted(fields))
    return connection


@transaction.atomic
def delete_connection(connection: Connection, *, actor: Actor) -> None:
    """Delete a connection; its members stay and sign in another way."""
    connection = Connection.objects.lock(connection.pk)
    authorize(actor, CHANGE_SECURITY)
    _refuse_last(connection)
    emit("sso_connection.deleted", connection, actor=actor)
    connection.delete()


@transaction.atomic
def note_tested(connection: Connection, *, actor: Actor, at: datetime) -> Connection:
    """Note that a whole sign-in worked."""
    connection = Connection.objects.lock(connection.pk)
    authorize(actor, CHANGE_SECURITY)
    connection.tested_at = at
    connection.save(update_fields=["tested_at"])
    return connection


@transaction.atomic
def switch_connection(connection: Connection, *, is_on: bool, actor: Actor) -> Connection:
    """Offer a connection on the log-in page, or no longer."""
    connection = Connection.objects.lock(connection.pk)
    authorize(actor, CHANGE_SECURITY)
    if is_on == connection.is_on:
        return connection
    if is_on and connection.tested_at is None:
        raise NotTested
    if not is_on:
        _refuse_last(connection)
    connection.is_on = is_on
    connection.save(update_fields=["is_on"])
    emit("sso_connection.updated", connection, actor=actor, fields=["is_on"])
    return connection


@transaction.atomic
def enforce_sso(*, is_enforced: bool, actor: Actor) -> SignInRule:
    """Close passwords and codes for everybody, or open them again.

    An owner with a second factor always gets in by password, so there has to be one.
    """
    authorize(actor, CHANGE_SECURITY)
    SignInRule.objects.get_or_create(is_the_one=True)
    rule = SignInRule.objects.select_for_update().get()
    if rule.is_enforced == is_enforced:
        return rule
    if is_enforced and not Connection.objects.offered().exists():
        raise NothingToEnforce
    owners = User.objects.filter(is_active=True, role__key=Role.Key.OWNER)
    if is_enforced and not owners.filter(has_second_factor()).exists():
        raise NoWayBack
    rule.is_enforced = is_enforced
    rule.save(update_fields=["is_enforced"])
    emit("sso_rule.updated", rule, actor=actor, fields=["is_enforced"])
    return rule


def _take(connection: Connection, values: Mapping[str, Any], actor: Actor) -> None:
    for name in PLAIN:
        if name in values:
            setattr(connection, name, values[name])
    connection.trusted_domains = _domains(connection.trusted_domains)
    role = values.get("default_role")
    if role is not None:
        refuse_giving(role, actor=actor)
    if connection.is_oidc:
        _take_issuer(connection, values)
    else:
        _take_metadata(connection, values)


def _domains(written: Iterable[str]) -> list[str]:
    """Return the domains a provider may answer for; where anybody gets an address, none can."""
    try:
        domains = {domain_name(each) for each in written}
        for each in domains:
            refuse_public_provider(each)
    except ValidationError as error:
        raise ValidationError({"trusted_domains": error.messages}) from error
    return sorted(domains)


def _take_issuer(connection: Connection, values: Mapping[str, Any]) -> None:
    issuer = values.get("issuer")
    if issuer:
        found = discover(issuer)
        connection.issuer = found["issuer"]
        connection.endpoints = found
    if values.get("secret"):
        connection.sealed_secret = sealed(values["secret"], uid=SECRET, row=connection.pk)


def _take_metadata(connection: Connection, values: Mapping[str, Any]) -> None:
    text, url = values.get("metadata", ""), values.get("metadata_url", "")
    if not (text or url):
        return
    provider = provider_of(text or fetch_metadata(url))
    connection.issuer = provider.entity_id
    connection.endpoints = {"sso": provider.sso_url}
    connection.certificates = list(provider.certificates)
    connection.metadata_url = "" if text else url


def _refuse_open_to_all(connection: Connection) -> None:
    if connection.makes_members and not connection.trusted_domains:
        message = _("Name the domains whose people may join without an invitation.")
        raise ValidationError({"trusted_domains": message})


def _refuse_last(connection: Connection) -> None:
    others = Connection.objects.offered().exclude(pk=connection.pk)
    is_enforced = SignInRule.objects.filter(is_enforced=True).exists()
    if connection.is_on and is_enforced and not others.exists():
        raise StillEnforced


def _state(connection: Connection) -> dict[str, Any]:
    names = [field.attname for field in connection._meta.concrete_fields]
    return {name: getattr(connection, name) for name in names}
