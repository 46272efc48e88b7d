"""Making tags and stages while something else is done: an import brings words nobody used before."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max

from core.access import authorize
from core.actors import Actor
from core.events.bus import emit_each
from crm.customers.models.labels import Label, LifecycleStage, Tag


@transaction.atomic
def create_tags(names: Iterable[str], *, actor: Actor) -> list[Tag]:
    """Return new tags of these names, behind those there are."""
    authorize(actor, "customers.add_tag")
    return _create(Tag, names, "tag.created", actor=actor)


@transaction.atomic
def create_stages(names: Iterable[str], *, actor: Actor) -> list[LifecycleStage]:
    """Return new stages of these names, behind those there are."""
    authorize(actor, "customers.add_stage")
    return _create(LifecycleStage, names, "stage.created", actor=actor)


def _create[L: Label](model: type[L], names: Iterable[str], event: str, *, actor: Actor) -> list[L]:
    labels: Any = model._default_manager
    last = labels.aggregate(last=Max("position"))["last"] or 0
    made = [
        model(own_name=name, position=position)
        for position, name in enumerate(dict.fromkeys(names), last + 1)
    ]
    labels.bulk_create(made)
    emit_each(event, [(label, {}) for label in made], actor=actor)
    return made
