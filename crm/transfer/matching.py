"""An import's columns as its file and earlier imports suggest them, for pages and programs alike."""

from dataclasses import replace

from core.actors import Actor
from core.records.importing import ImportInto
from crm.transfer import files
from crm.transfer.mapping.columns import Mapping
from crm.transfer.mapping.guessing import guess
from crm.transfer.mapping.remembering import past_fields
from crm.transfer.models import Import
from crm.transfer.reading.files import look_at
from crm.transfer.reading.table import Layout, Table

SAMPLES_SHOWN = 3


def look(the_import: Import) -> Table:
    """Return what the import's file is, as it is read now."""
    with files.opened(the_import.pk) as file:
        return look_at(file, Layout.from_json(the_import.layout))


def matched(the_import: Import, table: Table, importer: ImportInto, actor: Actor) -> Mapping:
    """Return the import's mapping; a column that goes where the file suggests says why."""
    past = past_fields(the_import.record_type, actor)
    mapping = Mapping.from_json(the_import.mapping)
    guessed = guess(table.columns, importer, samples=table.texts, past=past).columns
    pairs = zip(mapping.columns, guessed, strict=True)
    return Mapping(
        tuple(
            replace(own, confidence=like.confidence)
            if (own.field, own.multiply) == (like.field, 1)
            else own
            for own, like in pairs
        )
    )


def samples(table: Table, at: int) -> list[str]:
    """Return the first different texts of a column."""
    return list(dict.fromkeys(table.texts(at)))[:SAMPLES_SHOWN]
