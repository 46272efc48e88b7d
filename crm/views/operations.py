"""Everything that can be done to a saved view. Pages and API call these."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.arranging import UNPLACED, give_places
from core.events.bus import emit
from core.records.narrowing import seen_type_named
from core.records.registry import RecordType
from core.records.writing import RecordGone
from crm.bookmarks.operations import arrange_favourites
from crm.views.models import Pin, SavedView, ViewShare
from crm.views.queries import read_query
from tenants.members.models import Team, User


@transaction.atomic
def create_view(
    *, actor: Actor, record_type: str, name: str, query: str = "", is_shared: bool = False
) -> SavedView:
    """Return a new view of the actor's own, shared if they say so and may."""
    authorize(actor, "views.add_view")
    kind = _kind(record_type, actor)
    if actor.user_id is None:
        raise ValidationError({"owner": [_("Views belong to members.")]})
    view = SavedView(record_type=kind.name, owner_id=actor.user_id)
    _set(view, kind, {"name": name, "query": query})
    if is_shared:
        authorize(actor, "views.share_view", view)
        view.is_shared = True
    view.save(force_insert=True)
    emit("view.created", view, actor=actor, record_type=kind.name)
    return view


@transaction.atomic
def update_view(view: SavedView, *, actor: Actor, changes: Mapping[str, Any]) -> SavedView:
    """Return the view with a new name or another list."""
    view = _locked(view, actor)
    authorize(actor, "views.change_view", view)
    changed = _set(view, _kind(view.record_type, actor), changes)
    if changed:
        view.save(update_fields=[*changed, "updated_at"])
        emit("view.updated", view, actor=actor, fields=changed)
    return view


@transaction.atomic
def share_view(view: SavedView, *, actor: Actor, is_shared: bool) -> SavedView:
    """Let everybody have the view, or its owner alone again; then it is nobody's first any more."""
    view = _locked(view, actor)
    authorize(actor, "views.share_view", view)
    view.is_shared = is_shared
    view.is_default = view.is_default and is_shared
    view.save(update_fields=["is_shared", "is_default", "updated_at"])
    emit("view.shared" if is_shared else "view.unshared", view, actor=actor)
    return view


@transaction.atomic
def share_view_with(
    view: SavedView, *, actor: Actor, member: User | None = None, team: Team | None = None
) -> ViewShare:
    """Let one member or one team have the view, to open and not to change; twice is as once."""
    view = _locked(view, actor)
    authorize(actor, "views.share_view", view)
    if (member is None) == (team is None) or (member is not None and not member.is_active):
        raise ValidationError({"recipient": [_("Choose one active member or one team.")]})
    share, is_new = ViewShare.objects.get_or_create(view=view, user=member, team=team)
    if is_new:
        told = {"member": str(member.pk)} if member else {"team": str(team.pk) if team else ""}
        emit("view.shared", view, actor=actor, **told)
    return share


@transaction.atomic
def end_view_share(share: ViewShare, *, actor: Actor) -> None:
    """Take the view back from the member or the team."""
    view = _locked(share.view, actor)
    authorize(actor, "views.share_view", view)
    emit("view.unshared", view, actor=actor)
    share.delete()


@transaction.atomic
def set_default_view(view: SavedView, *, actor: Actor, is_default: bool) -> SavedView:
    """Let the workspace's lists of this type open with the view, or with none."""
    view = _locked(view, actor)
    authorize(actor, "views.set_default_view")
    if is_default and not view.is_shared:
        raise ValidationError({"is_default": [_("Share the view before lists open with it.")]})
    others = SavedView.objects.filter(record_type=view.record_type, is_default=True)
    others.exclude(pk=view.pk).update(is_default=False)
    view.is_default = is_default
    view.save(update_fields=["is_default", "updated_at"])
    emit("view.updated", view, actor=actor, fields=["is_default"])
    return view


@transaction.atomic
def pin_view(view: SavedView, *, actor: Actor) -> None:
    """Put the view last among the actor's favourites."""
    view = _locked(view, actor)
    last = Pin.objects.filter(member_id=actor.user_id).aggregate(last=Max("position"))["last"]
    position = max(last or 0, UNPLACED) + 1
    Pin.objects.get_or_create(member_id=actor.user_id, view=view, defaults={"position": position})


@transaction.atomic
def unpin_view(view: SavedView, *, actor: Actor) -> None:
    """Take the view from the actor's favourites."""
    Pin.objects.filter(member_id=actor.user_id, view=_locked(view, actor)).delete()


@transaction.atomic
def arrange_pins(ids: Iterable[UUID], *, actor: Actor) -> None:
    """Put the actor's pinned views into this order; those not named come last, as they were."""
    rows = Pin.objects.select_for_update().filter(member_id=actor.user_id)
    pins = list(rows.order_by("position", "pk"))
    give_places(pins, ids, lambda pin: pin.view_id)
    Pin.objects.bulk_update(pins, ["position"])


@transaction.atomic
def arrange_all(ids: Iterable[UUID], *, actor: Actor) -> None:
    """Put starred records and pinned views into one order; those not named come last."""
    ids = list(ids)
    arrange_favourites(ids, actor=actor)
    arrange_pins(ids, actor=actor)


@transaction.atomic
def delete_view(view: SavedView, *, actor: Actor) -> None:
    """Delete the view; the records it showed stay."""
    view = _locked(view, actor)
    authorize(actor, "views.delete_view", view)
    emit("view.deleted", view, actor=actor)
    view.delete()


def _locked(view: SavedView, actor: Actor) -> SavedView:
    found = SavedView.objects.visible_to(actor).select_for_update().filter(pk=view.pk).first()
    if found is None:
        raise RecordGone
    return found


def _kind(name: str, actor: Actor) -> RecordType:
    kind = seen_type_named(name, actor)
    if kind is None:
        raise ValidationError({"record_type": [_("There are no such records.")]})
    authorize(actor, kind.permission("view"))
    return kind


def _set(view: SavedView, kind: RecordType, changes: Mapping[str, Any]) -> list[str]:
    """Set what differs; return its names."""
    said = {name: changes[name] for name in ("name", "query") if name in changes}
    if "name" in said:
        said["name"] = _name(said["name"])
    if "query" in said:
        said["query"] = read_query(said["query"], kind)
    changed = [name for name, value in said.items() if getattr(view, name) != value]
    for name in changed:
        setattr(view, name, said[name])
    return changed


def _name(text: Any) -> str:
    name = " ".join(str(text).split())
    if not name or "\0" in name:
        raise ValidationError({"name": [_("Give the view a name.")]})
    SavedView._meta.get_field("name").run_validators(name)
    return name
