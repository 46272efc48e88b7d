"""Letting people of a company's own e-mail domain join by themselves, once the domain is proven."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from tenants.members.giving import authorize_filling, refuse_beyond
from tenants.members.models import MailDomain, Role, Team
from tenants.members.name_system import (
    NotAnswered,
    domain_name,
    refuse_public_provider,
    texts_of,
)
from tenants.members.permissions import MANAGE_MEMBERS

# A record that is gone once may be a slip; a domain lapses when it is gone twice in a row.
MOST_MISSED = 2
NIGHT = Actor.system("Domain check")


class RecordMissing(OperationError):
    code = "record_missing"
    message = _(
        "The record is not there yet. A new one can take hours until everybody sees it; nothing is lost meanwhile."
    )


@transaction.atomic
def add_domain(name: str, *, role: Role, actor: Actor, teams: Collection[Team] = ()) -> MailDomain:
    """Note a domain and the record that will prove it; nobody joins by it before."""
    authorize(actor, MANAGE_MEMBERS)
    try:
        plain = domain_name(name)
        refuse_public_provider(plain)
    except ValidationError as error:
        raise ValidationError({"name": error}) from error
    domain = MailDomain(name=plain, secret=secrets.token_urlsafe(24), added_by_id=actor.user_id)
    _place(domain, role, teams, actor)
    domain.full_clean()
    domain.save(force_insert=True)
    emit("domain.added", domain, actor=actor)
    return domain


@transaction.atomic
def update_domain(
    domain: MailDomain,
    *,
    actor: Actor,
    role: Role | None = None,
    teams: Collection[Team] | None = None,
) -> MailDomain:
    """Change as what people of the domain come in from now on; what is left out stays."""
    domain = MailDomain.objects.select_related("role").lock(domain.pk)
    authorize(actor, MANAGE_MEMBERS)
    _place(domain, role or domain.role, teams, actor)
    domain.save(update_fields=["role", "team_ids"])
    emit("domain.updated", domain, actor=actor)
    return domain


@transaction.atomic
def remove_domain(domain: MailDomain, *, actor: Actor) -> None:
    """Let nobody join by the domain any more; those who did stay."""
    domain = MailDomain.objects.lock(domain.pk)
    authorize(actor, MANAGE_MEMBERS)
    emit("domain.removed", domain, actor=actor)
    domain.delete()


@transaction.atomic
def check_domain(domain: MailDomain, *, actor: Actor, at: datetime) -> MailDomain:
    """Look for the record now; with it the domain is proven."""
    domain = MailDomain.objects.lock(domain.pk)
    authorize(actor, MANAGE_MEMBERS)
    if not _is_published(domain):
        raise RecordMissing
    _note_found(domain, actor, at)
    return domain


@transaction.atomic
def recheck_domains(*, at: datetime) -> None:
    """Look again for the records of proven domains; one that is gone twice in a row lapses.

    Who did not answer said nothing: such a night does not count.
    """
    for domain in MailDomain.objects.verified().select_for_update().order_by("pk"):
        try:
            is_published = _is_published(domain)
        except NotAnswered:
            continue
        if is_published:
            _note_found(domain, NIGHT, at)
        else:
            _note_missing(domain, at)


def _is_published(domain: MailDomain) -> bool:
    return domain.record in (text.strip() for text in texts_of(domain.name))


def _note_found(domain: MailDomain, actor: Actor, at: datetime) -> None:
    is_news = domain.verified_at is None
    domain.checked_at, domain.missed, domain.lapsed_at = at, 0, None
    domain.verified_at = domain.verified_at or at
    domain.save(update_fields=["checked_at", "missed", "lapsed_at", "verified_at"])
    if is_news:
        emit("domain.verified", domain, actor=actor)


def _note_missing(domain: MailDomain, at: datetime) -> None:
    domain.checked_at, domain.missed = at, domain.missed + 1
    if domain.missed >= MOST_MISSED:
        domain.verified_at, domain.lapsed_at = None, at
        emit("domain.lapsed", domain, actor=NIGHT)
    domain.save(update_fields=["checked_at", "missed", "verified_at", "lapsed_at"])


def _place(domain: MailDomain, role: Role, teams: Collection[Team] | None, actor: Actor) -> None:
    refuse_beyond(role, actor=actor)
    if role.has_everything:
        message = _("Nobody becomes an owner or admin by an address alone. Choose another role.")
        raise ValidationError({"role": message})
    domain.role = role
    if teams is None:
        return
    wanted = sorted(team.pk for team in teams)
    authorize_filling(set(wanted) ^ set(domain.team_ids), actor=actor)
    domain.team_ids = wanted
