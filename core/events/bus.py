"""Record that something happened; let whoever cares react after the commit."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model

from core.actors import Actor
from core.events.models import Event
from core.jobs import workspace_job

type Handler = Callable[[Event], None]
type ListHandler = Callable[[list[Event]], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)
_list_handlers: dict[str, list[ListHandler]] = defaultdict(list)


def on(*names: str) -> Callable[[Handler], Handler]:
    """Call the function, in a job after the commit, whenever one of these events happened."""

    def register(handler: Handler) -> Handler:
        for name in names:
            _handlers[name].append(handler)
        return handler

    return register


def on_many(*names: str) -> Callable[[ListHandler], ListHandler]:
    """Call the function with all events of one of these names that were written together.

    It is called in one job after the commit, so that a thousand changed records cost a few queries.
    """

    def register(handler: ListHandler) -> ListHandler:
        for name in names:
            _list_handlers[name].append(handler)
        return handler

    return register


def emit(name: str, subject: Model, *, actor: Actor, **payload: Any) -> Event:
    """Write one event in the caller's transaction."""
    event = _event(name, subject, actor, payload)
    event.save(force_insert=True)
    if _handlers[name]:
        dispatch.enqueue(event_id=event.pk)
    _ring_many(name, [event])
    return event


def emit_each(name: str, subjects: Iterable[tuple[Model, dict[str, Any]]], *, actor: Actor) -> None:
    """Write an event for each record with a payload of its own, in one statement."""
    events = Event.objects.bulk_create(
        [_event(name, subject, actor, payload) for subject, payload in subjects]
    )
    if _handlers[name]:
        for event in events:
            dispatch.enqueue(event_id=event.pk)
    _ring_many(name, events)


def _ring_many(name: str, events: list[Event]) -> None:
    if _list_handlers[name] and events:
        dispatch_many.enqueue(event_ids=[str(event.pk) for event in events])


def _event(name: str, subject: Model, actor: Actor, payload: dict[str, Any]) -> Event:
    return Event.fresh(
        name=name,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        payload={**actor.occasion, **payload},
    )


@workspace_job()
def dispatch(event_id: str) -> None:
    event = Event.objects.get(pk=UUID(event_id))
    for handler in _handlers[event.name]:
        handler(event)


@workspace_job()
def dispatch_many(event_ids: list[str]) -> None:
    ids = [UUID(each) for each in event_ids]
    events = list(Event.objects.filter(pk__in=ids).order_by("pk"))
    for handler in _list_handlers[events[0].name] if events else ():
        handler(events)
