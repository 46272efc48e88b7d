"""Sharing one record with somebody who would not reach it, and ending that."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.events.bus import emit
from core.records.attached import record_seen_by
from core.records.registry import record_type_of
from core.records.writing import RecordGone
from tenants.members.models import RecordShare, Team, User


@transaction.atomic
def share_record(
    record: Any, *, level: str, actor: Actor, member: User | None = None, team: Team | None = None
) -> RecordShare:
    """Let a member or a team see one record, or change it too; done again, the new level counts.

    Nobody lets others do what they may not do themselves, and a role that lacks a verb does not
    get it by sharing.
    """
    record_type = record_type_of(type(record))
    authorize(actor, record_type.permission("share"), record)
    if level == RecordShare.Level.CHANGE:
        authorize(actor, record_type.permission("change"), record)
    if (member is None) == (team is None) or (member is not None and not member.is_active):
        raise ValidationError({"with": _("Choose a member or a team.")})
    found = RecordShare.objects.filter(record_id=record.pk, user=member, team=team)
    share = found.select_for_update().first() or RecordShare(
        record_type=record_type.name, record_id=record.pk, user=member, team=team
    )
    share.level, share.shared_by_id = level, actor.user_id
    share.full_clean(exclude=["shared_by"])
    share.save()
    emit(f"{record_type.name}.shared", record, actor=actor, **_told(share))
    return share


@transaction.atomic
def end_share(share: RecordShare, *, actor: Actor) -> None:
    """End what was shared; whoever may share the record may do so, whoever shared it."""
    held = RecordShare.objects.select_for_update().filter(pk=share.pk).first()
    record = held and record_seen_by(actor, held.record_type, held.record_id)
    if held is None or record is None:
        raise RecordGone
    record_type = record_type_of(type(record))
    authorize(actor, record_type.permission("share"), record)
    emit(f"{record_type.name}.unshared", record, actor=actor, **_told(held))
    held.delete()


def _told(share: RecordShare) -> dict[str, str]:
    whom = {"member": share.user_id} if share.user_id else {"team": share.team_id}
    return {"level": share.level, **{kind: str(pk) for kind, pk in whom.items()}}
