"""Keeping a mapping under a name, so that the next file with the same columns is mapped by itself."""

from django.db import transaction

from core.actors import Actor
from core.records.writing import explained
from crm.transfer.mapping.columns import Mapping
from crm.transfer.mapping.remembering import columns_text
from crm.transfer.models import Import, SavedMapping
from crm.transfer.permissions import authorize_import, authorize_own


@transaction.atomic
def save_mapping(the_import: Import, *, name: str, actor: Actor) -> SavedMapping:
    """Return the import's mapping under this name; one of the same name is replaced."""
    authorize_own(actor, the_import)
    mapping = Mapping.from_json(the_import.mapping)
    kind = the_import.record_type
    SavedMapping.objects.filter(record_type=kind, name=name).delete()
    saved = SavedMapping(
        record_type=kind,
        name=name,
        columns=columns_text(column.name for column in mapping.columns),
        mapping=mapping.as_json(),
    )
    with explained(SavedMapping):
        saved.save(force_insert=True)
    return saved


@transaction.atomic
def rename_mapping(saved: SavedMapping, *, name: str, actor: Actor) -> SavedMapping:
    """Give a saved mapping another name; ValidationError when another one has it."""
    authorize_import(actor, saved.record_type)
    held: SavedMapping = SavedMapping.objects.select_for_update().get(pk=saved.pk)
    held.name = name
    with explained(SavedMapping), transaction.atomic():
        held.save(update_fields=["name"])
    return held


@transaction.atomic
def forget_mapping(saved: SavedMapping, *, actor: Actor) -> None:
    """Forget a saved mapping; imports that used it keep theirs."""
    authorize_import(actor, saved.record_type)
    saved.delete()
