"""Looking at the workspace as another member: for a while, without being able to change anything."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize, can
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from tenants.members.giving import rights_of_actor
from tenants.members.models import User
from tenants.members.models.viewing import VIEWING_LASTS, Viewing
from tenants.members.permissions import VIEW_AS


class NothingToView(OperationError):
    """Nobody looks as themselves, as who cannot log in, or as who sees more than they do."""

    code = "nothing_to_view"
    message = _("You can look as active members who see nothing that you do not.")
    status = 403


@transaction.atomic
def begin_viewing(member: User, *, actor: Actor, at: datetime) -> Viewing:
    """Return a viewing in which the actor looks as this member, for half an hour at most."""
    authorize(actor, VIEW_AS)
    member = User.objects.select_related("role").get(pk=member.pk)
    if actor.kind != "member" or actor.user_id is None or not may_view_as(member, actor=actor):
        raise NothingToView
    end_viewings(actor=actor, at=at)
    viewing = Viewing(viewer_id=actor.user_id, member=member, began_at=at, until=at + VIEWING_LASTS)
    viewing.save(force_insert=True)
    emit("member.viewed_as", member, actor=actor, until=viewing.until.isoformat())
    return viewing


@transaction.atomic
def end_viewings(*, actor: Actor, at: datetime) -> None:
    """End whatever the actor looks at as somebody else; later it is over anyway."""
    open_ones = Viewing.objects.filter(viewer_id=actor.user_id, ended_at=None)
    for viewing in open_ones.select_for_update(of=("self",)).select_related("member"):
        viewing.ended_at = min(at, viewing.until)
        viewing.save(update_fields=["ended_at"])
        emit("member.view_ended", viewing.member, actor=actor)


def may_view_as(member: User, *, actor: Actor) -> bool:
    """Return whether the actor may look as this member: one who works here and sees nothing more."""
    # Own records of one are not those of another: over whose they are does not make it less.
    everything = member.role.rights()._replace(scopes={})
    reaches = rights_of_actor(actor).covers(everything)
    is_other = member.pk != actor.user_id and member.is_active and not member.is_service
    return can(actor, VIEW_AS) and actor.viewer is None and reaches and is_other


def actor_seen(viewing_id: str, viewer: User, *, at: datetime) -> Actor | None:
    """Return the member this viewer looks as, for looking alone; None when that is over."""
    found = (
        Viewing.objects.select_related("member__role").filter(pk=UUID(viewing_id), viewer=viewer)
    ).first()
    if found is None or not found.is_open(at):
        return None
    if not may_view_as(found.member, actor=viewer.as_actor()):
        return None
    return replace(found.member.as_actor(), viewer=viewer.pk)
