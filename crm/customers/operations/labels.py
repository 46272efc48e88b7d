"""Making tags while something else is done: an import brings words nobody used before."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from core.access import authorize
from core.actors import Actor
from core.events.bus import emit_each
from crm.customers.models.labels import Tag


@transaction.atomic
def create_tags(names: Iterable[str], *, actor: Actor) -> list[Tag]:
    """Return new tags of these names, behind those there are."""
    authorize(actor, "customers.add_tag")
    length = Tag._meta.get_field("own_name").max_length
    last = Tag.objects.aggregate(last=Max("position"))["last"] or 0
    tags = [
        Tag(own_name=name[:length], position=position)
        for position, name in enumerate(dict.fromkeys(names), last + 1)
    ]
    Tag.objects.bulk_create(tags)
    emit_each("tag.created", [(tag, {}) for tag in tags], actor=actor)
    return tags
