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
_handlers: dict[str, list[Handler]] = defaultdict(list)


def on(*names: str) -> Callable[[Handler], Handler]:
    """Call the function, in a job after the commit, whenever one of these events happened."""

    def register(handler: Handler) -> Handler:
        for name in names:
            _handlers[name].append(handler)
        return handler

    return register


def emit(name: str, subject: Model, *, actor: Actor, **payload: Any) -> Event:
    """Write one event in the caller's transaction."""
    event = _event(name, subject, actor, payload)
    event.save(force_insert=True)
    if _handlers[name]:
        dispatch.enqueue(event_id=event.pk)
    return event


def emit_each(name: str, subjects: Iterable[tuple[Model, dict[str, Any]]], *, actor: Actor) -> None:
    """Write an event for each record with a payload of its own, in one statement."""
    events = Event.objects.bulk_create(
        [_event(name, subject, actor, payload) for subject, payload in subjects]
    )
    if _handlers[name]:
        for event in events:
            dispatch.enqueue(event_id=event.pk)


def _event(name: str, subject: Model, actor: Actor, payload: dict[str, Any]) -> Event:
    return Event(
        name=name,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        payload=payload,
    )


@workspace_job()
def dispatch(event_id: str) -> None:
    event = Event.objects.get(pk=UUID(event_id))
    for handler in _handlers[event.name]:
        handler(event)
