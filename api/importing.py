"""Imports as programs see them: what is said of one, and what may be decided about it."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import now
from rest_framework import serializers

from api.strict import StrictSerializer
from core.actors import Actor
from crm.transfer.editing import editable
from crm.transfer.engine.plan import Plan
from crm.transfer.mapping.columns import EXISTING, Column
from crm.transfer.mapping.columns import Mapping as ColumnMapping
from crm.transfer.matching import look, matched, samples
from crm.transfer.models import COUNTED, Import
from crm.transfer.notes import TableRow
from crm.transfer.options import MODES, LawfulBasis, Options
from crm.transfer.permissions import may_open
from crm.transfer.reading.delimited import DELIMITER_LABELS
from crm.transfer.reading.encodings import LABELS
from crm.transfer.reading.table import Layout, Table
from crm.transfer.wording import RIGHTS_ENDED, pace_of


class NewImportSerializer(StrictSerializer):
    """A file and what its rows are."""

    record_type = serializers.CharField(max_length=40)
    file = serializers.FileField(help_text="CSV or another text with delimiters, XLSX, or vCard.")


class LayoutSerializer(StrictSerializer):
    """How the file is read; what does not apply to its kind is left out."""

    kind = serializers.CharField(read_only=True)
    encoding = serializers.ChoiceField(choices=list(LABELS), required=False)
    delimiter = serializers.ChoiceField(choices=list(DELIMITER_LABELS), required=False)
    sheet = serializers.CharField(max_length=100, required=False)


class ColumnSerializer(StrictSerializer):
    """A column of the file and the field it goes into; no field means it is left out."""

    column = serializers.CharField(max_length=300)
    field = serializers.CharField(max_length=40, allow_blank=True, allow_null=True)
    multiply = serializers.IntegerField(required=False, min_value=1)
    existing = serializers.ChoiceField(
        choices=list(EXISTING),
        required=False,
        help_text="What becomes of a value that a known record has: overwrite unless another is named.",
    )


class MatchedColumnSerializer(serializers.Serializer):
    """A column, its first values, the field it goes into, and how that was found."""

    column = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    multiply = serializers.IntegerField()
    existing = serializers.ChoiceField(choices=list(EXISTING))
    confidence = serializers.ChoiceField(
        choices=["sure", "known", "likely", "content", "chosen", ""], allow_blank=True
    )
    samples = serializers.ListField(child=serializers.CharField())


class OptionsSerializer(StrictSerializer):
    """What is decided besides the columns. What is not named stays as it is."""

    mode = serializers.ChoiceField(choices=list(MODES), required=False)
    match = serializers.CharField(max_length=40, required=False)
    owner = serializers.UUIDField(required=False, allow_null=True)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=50
    )
    creates_linked = serializers.BooleanField(required=False)
    creates_options = serializers.BooleanField(required=False)
    runs_automations = serializers.BooleanField(required=False)
    lawful_basis = serializers.ChoiceField(
        choices=LawfulBasis.values, required=False, allow_blank=True
    )
    basis_source = serializers.CharField(max_length=300, required=False, allow_blank=True)


class DecisionsSerializer(StrictSerializer):
    """What to change about an import before it runs. Columns that are not named keep their field."""

    layout = LayoutSerializer(required=False)
    columns = ColumnSerializer(many=True, required=False)
    options = OptionsSerializer(required=False)
    save_mapping_as = serializers.CharField(max_length=80, required=False)


class ProgressSerializer(serializers.Serializer):
    """How far the check or the import is. Rate and time left are null until they can be told."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()
    rows_per_second = serializers.FloatField(allow_null=True)
    seconds_left = serializers.IntegerField(allow_null=True)


class ImportSerializer(serializers.Serializer):
    """An import: its file, where it stands, what became of its rows."""

    id = serializers.UUIDField()
    record_type = serializers.CharField()
    file_name = serializers.CharField(help_text="Empty in lists, for imports of others.")
    size = serializers.IntegerField(help_text="In bytes.")
    state = serializers.ChoiceField(choices=Import.State.choices)
    owner = serializers.UUIDField(allow_null=True)
    problem = serializers.CharField(help_text="Why it stopped, if it did.")
    counts = serializers.DictField(child=serializers.IntegerField())
    progress = ProgressSerializer()
    change_set = serializers.UUIDField(
        allow_null=True, help_text="Undo the import as a whole at history/{id}/undo/."
    )
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class ImportDetailSerializer(ImportSerializer):
    """An import with everything that is decided about it."""

    layout = LayoutSerializer()
    sheets = serializers.ListField(child=serializers.CharField())
    columns = MatchedColumnSerializer(many=True)
    options = OptionsSerializer()


class CellProblemSerializer(serializers.Serializer):
    """What is wrong with a cell, or with the whole row where no column is named."""

    column = serializers.CharField(allow_blank=True)
    value = serializers.CharField(allow_blank=True)
    message = serializers.CharField()
    suggestions = serializers.ListField(child=serializers.CharField())


class RefusedRowSerializer(serializers.Serializer):
    """A refused row, its cells by column, and why it was refused."""

    row = serializers.IntegerField()
    cells = serializers.DictField(child=serializers.CharField(allow_blank=True))
    problems = CellProblemSerializer(many=True)


class CellsSerializer(StrictSerializer):
    """The cells to correct, by column; the others stay as they are."""

    cells = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=100_000))


class ChangedValueSerializer(serializers.Serializer):
    """One value before and after; one that is not applied stays as it is."""

    field = serializers.CharField(source="name")
    column = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    is_applied = serializers.BooleanField()


class UpdatedRowSerializer(serializers.Serializer):
    """A row about a known record, and what it changes."""

    row = serializers.IntegerField(source="number")
    title = serializers.CharField()
    changes = ChangedValueSerializer(many=True)


class KeepSerializer(StrictSerializer):
    """The fields whose values stay as they are on this row's record; the others are applied."""

    keep = serializers.ListField(child=serializers.CharField(max_length=40), max_length=200)


def line_of(the_import: Import, actor: Actor) -> dict[str, Any]:
    """Return an import as lists of them say it; of others', what its file tells stays out."""
    if may_open(actor, the_import):
        return said_of(the_import)
    problem = str(RIGHTS_ENDED) if the_import.rights_ended else ""
    return said_of(the_import) | {"file_name": "", "problem": problem}


def said_of(the_import: Import) -> dict[str, Any]:
    """Return an import without what is decided about it."""
    pace = pace_of(the_import, now()) if the_import.is_under_way else None
    return {
        "id": the_import.pk,
        "record_type": the_import.record_type,
        "file_name": the_import.file_name,
        "size": the_import.size,
        "state": the_import.state,
        "owner": the_import.owner_id,
        "problem": the_import.problem,
        "counts": {name: getattr(the_import, name) for name in COUNTED},
        "progress": {
            "done": the_import.done,
            "total": the_import.total,
            "rows_per_second": round(pace.rate, 1) if pace else None,
            "seconds_left": pace.seconds_left if pace else None,
        },
        "change_set": the_import.change_set_id,
        "created_at": the_import.created_at,
        "started_at": the_import.started_at,
        "finished_at": the_import.finished_at,
    }


def all_said_of(the_import: Import, plan: Plan, actor: Actor, *, has_file: bool) -> dict[str, Any]:
    """Return an import with what is decided; while its file is there, with samples of each column."""
    table = look(the_import) if has_file else None
    mapping = matched(the_import, table, plan.importer, actor) if table else plan.mapping
    return said_of(the_import) | {
        "layout": Layout.from_json(the_import.layout).as_json(),
        "sheets": list(table.sheets) if table else [],
        "columns": _columns(mapping, table),
        "options": Options.from_json(the_import.options).as_json(),
    }


def _columns(mapping: ColumnMapping, table: Table | None) -> list[dict[str, Any]]:
    return [
        _column(column) | {"samples": samples(table, at) if table else []}
        for at, column in enumerate(mapping.columns)
    ]


def _column(column: Column) -> dict[str, Any]:
    return {
        "column": column.name,
        "field": column.field,
        "multiply": column.multiply,
        "existing": column.existing,
        "confidence": column.confidence,
    }


def refusal_of(row: TableRow, plan: Plan, actor: Actor) -> dict[str, Any]:
    """Return a refused row with its problems and what may be meant."""
    meant = {cell.column: cell.suggestions for cell in editable(row, plan, actor).wrong}
    return {
        "row": row.number,
        "cells": dict(zip(row.columns, row.cells, strict=False)),
        "problems": [
            {
                "column": column,
                "value": row.value_of(column),
                "message": sentence,
                "suggestions": list(meant.get(column, ())),
            }
            for column, sentence in row.problems
        ],
    }


def corrected_cells(row: TableRow, said: Mapping[str, str]) -> list[str]:
    """Return the row's cells with what was said instead; a column the file does not have is refused."""
    unknown = said.keys() - set(row.columns)
    if unknown:
        raise serializers.ValidationError({"cells": sorted(unknown)})
    padded = row.cells + [""] * (len(row.columns) - len(row.cells))
    named = dict(zip(row.columns, padded, strict=False)) | dict(said)
    return [named[column] for column in row.columns]
