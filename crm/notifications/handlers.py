"""Who is told of what: those a note mentions, those who follow a record, its new owner."""

from collections.abc import Iterable
from uuid import UUID

from core.actors import Actor
from core.events.bus import on_many
from core.events.models import Event
from core.records.attached import record_seen_by
from core.records.registry import RecordType, record_types
from crm.bookmarks.models import Bookmark
from crm.notifications import kinds
from crm.notifications.operations import notify
from tenants.members.models import User


def listen() -> None:
    """Hear of every record type's changes; called when all of them are known."""
    for record_type in record_types():
        on_many(f"{record_type.name}.updated")(tell_of_changes)


@on_many("note.added", "note.changed")
def tell_of_notes(events: list[Event]) -> None:
    for event in events:
        mentioned = {UUID(pk) for pk in event.payload.get("mentions", ())} - {event.actor_id}
        _tell(mentioned, kinds.MENTION.name, event)
        if event.name == "note.added":
            _tell(_followers([event])[event.subject_id] - mentioned, kinds.NOTE.name, event)


@on_many("file.added", "file.changed")
def tell_of_files(events: list[Event]) -> None:
    followers = _followers(events)
    for event in events:
        _tell(followers[event.subject_id], kinds.FILE.name, event)


def tell_of_changes(events: list[Event]) -> None:
    """Tell followers, and tell a member that a record is theirs now."""
    followers = _followers(events)
    for event in events:
        owner = _new_owner(event)
        if owner is not None:
            _tell({owner}, kinds.ASSIGNED.name, event)
        _tell(followers[event.subject_id] - {owner}, kinds.CHANGE.name, event)


@on_many("import.finished")
def tell_of_imports(events: list[Event]) -> None:
    for event in events:
        _tell_who_began(event, kinds.IMPORT.name, path=f"/import/{event.subject_id}/")


@on_many("export.finished")
def tell_of_exports(events: list[Event]) -> None:
    """Tell whoever asked for many records that the file waits."""
    for event in events:
        _tell_who_began(event, kinds.EXPORT.name, path=f"/exports/{event.subject_id}/")


@on_many("change_set.finished")
def tell_of_change_sets(events: list[Event]) -> None:
    """Tell whoever changed many records, and went on with something else, that it is done."""
    for event in events:
        _tell_who_began(event, kinds.BULK.name, path=f"/history/{event.subject_id}/")


@on_many("domain.lapsed")
def tell_of_domains(events: list[Event]) -> None:
    """Tell those who may put it right that a domain is not proven any more."""
    people = User.objects.select_related("role").filter(is_active=True)
    concerned = [
        each.pk for each in people if kinds.DOMAIN.permission in each.role.rights().permissions
    ]
    for event in events:
        path = f"/settings/domains/{event.subject_id}/"
        notify(
            concerned,
            kind=kinds.DOMAIN.name,
            actor=_actor(event),
            path=path,
            event_id=event.pk,
        )


def _tell_who_began(event: Event, kind: str, *, path: str) -> None:
    if event.actor_id is not None:
        notify([event.actor_id], kind=kind, actor=_actor(event), path=path, event_id=event.pk)


def _followers(events: Iterable[Event]) -> dict[UUID, set[UUID]]:
    """Return who follows each event's record, without whoever caused the event."""
    causes = {event.subject_id: event.actor_id for event in events}
    found: dict[UUID, set[UUID]] = {subject: set() for subject in causes}
    rows = Bookmark.objects.filter(record_id__in=causes, kind=Bookmark.Kind.FOLLOW)
    for record_id, member_id in rows.values_list("record_id", "member_id"):
        if member_id != causes[record_id]:
            found[record_id].add(member_id)
    return found


def _new_owner(event: Event) -> UUID | None:
    """Return the member the record was handed to, unless they did it themselves."""
    if "owner" not in event.payload.get("fields", ()):
        return None
    model = _type_of(event).model
    owners = model._default_manager.filter(pk=event.subject_id).values_list("owner_id", flat=True)
    owner: UUID | None = owners.first()
    return None if owner == event.actor_id else owner


def _tell(members: set[UUID], kind: str, event: Event) -> None:
    """Tell those of the members who may see the record today."""
    if not members:
        return
    name = _type_of(event).name
    people = User.objects.select_related("role").filter(pk__in=members, is_active=True)
    seeing = [
        member.pk
        for member in people
        if record_seen_by(member.as_actor(), name, event.subject_id) is not None
    ]
    notify(
        seeing,
        kind=kind,
        actor=_actor(event),
        record_type=name,
        record_id=event.subject_id,
        event_id=event.pk,
    )


def _actor(event: Event) -> Actor:
    return Actor("system", event.actor_id, event.actor_label)


def _type_of(event: Event) -> RecordType:
    return next(
        known for known in record_types() if known.model._meta.label_lower == event.subject_type
    )
