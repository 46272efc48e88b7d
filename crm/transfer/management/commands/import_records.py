"""`manage.py import_records --workspace SLUG --type company FILE`: the import wizard without pages."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.timezone import now

from core.actors import Actor
from core.errors import OperationError
from core.isolation.scope import Workspace, bind_workspace, control_plane
from core.records.registry import RecordType, record_type_named, record_types
from crm.transfer.engine.running import carry_on
from crm.transfer.mapping.columns import Mapping, read_mapping
from crm.transfer.models import Import
from crm.transfer.notes import all_corrections, refused_rows
from crm.transfer.operations import (
    begin_check,
    begin_run,
    choose_layout,
    choose_options,
    discard,
    map_columns,
    upload,
)
from crm.transfer.options import MODES, LawfulBasis, Options
from crm.transfer.reading.encodings import ENCODINGS
from crm.transfer.reading.table import Layout
from tenants.members.models import Role, User
from tenants.provisioning.operations import UnknownWorkspace, find_tenant

CHUNK = 64 * 1024
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


class Command(BaseCommand):
    help = "Import a CSV, XLSX or vCard file; ends with 1 when rows were refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--type", required=True, choices=[each.name for each in record_types()])
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE", help="JSON: which column goes into which field"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument(
            "--actor", metavar="EMAIL", help="in whose name; by default the first admin's"
        )
        self._add_layout(parser)
        self._add_options(parser)

    def _add_layout(self, parser: ArgumentParser) -> None:
        parser.add_argument("--encoding", choices=ENCODINGS, help="instead of the detected one")
        parser.add_argument(
            "--delimiter", choices=[*DELIMITERS], help="instead of the detected one"
        )
        parser.add_argument(
            "--sheet", metavar="NAME", help="of a workbook; by default the first filled"
        )

    def _add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--match", metavar="FIELD", help="how records are recognised")
        parser.add_argument("--mode", choices=[*MODES], default="both", help="which rows count")
        parser.add_argument("--owner", metavar="EMAIL", help="owner of new records")
        parser.add_argument(
            "--tag", action="append", default=[], help="for every record; repeatable"
        )
        parser.add_argument(
            "--existing-only",
            action="store_true",
            help="refuse rows that name companies nobody knows",
        )
        parser.add_argument(
            "--create-stages", action="store_true", help="create stages nobody knows"
        )
        parser.add_argument(
            "--run-automations", action="store_true", help="let automations see the records"
        )
        parser.add_argument(
            "--lawful-basis", choices=LawfulBasis.values, default="", help="of data on people"
        )
        parser.add_argument("--basis-source", default="", help="where data on people come from")

    def handle(self, *args: Any, **options: Any) -> None:
        with bind_workspace(_workspace(options["workspace"])):
            try:
                refused = self._import(**options)
            except OperationError as refusal:
                raise CommandError(str(refusal)) from refusal
        if refused:
            raise SystemExit(1)

    def _import(self, **options: Any) -> int:
        record_type, actor = _record_type(options["type"]), _member(options["actor"]).as_actor()
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        the_import = upload(
            _chunks(path), record_type=record_type, file_name=path.name, actor=actor
        )
        try:
            the_import = _laid_out(the_import, options, actor)
            mapping = _mapping(the_import, record_type, options["mapping"])
            chosen = _options(record_type, options)
            the_import = map_columns(the_import, mapping=mapping, actor=actor)
            the_import = choose_options(the_import, options=chosen, actor=actor)
        except Exception:
            discard(the_import, actor=actor)
            raise
        self._show_mapping(the_import, mapping, record_type, chosen.match)
        begin = begin_check if options["dry_run"] else begin_run
        begin(the_import, actor=actor)
        carry_on(the_import.pk, clock=now)
        return self._conclude(the_import, actor, is_dry=options["dry_run"])

    def _show_mapping(
        self, the_import: Import, mapping: Mapping, record_type: RecordType, match: str
    ) -> None:
        layout = _layout_words(Layout.from_json(the_import.layout))
        self.stdout.write(f"{the_import.file_name}, {layout}, matched by {match}")
        for column in mapping.columns:
            field = record_type.importer.field(column.field)
            factor = f" × {column.multiply:,}" if column.multiply != 1 else ""
            self.stdout.write(
                f"  {column.name} -> {f'{field.name}{factor}' if field else '(left out)'}"
            )

    def _conclude(self, the_import: Import, actor: Any, *, is_dry: bool) -> int:
        with transaction.atomic():
            the_import = Import.objects.get(pk=the_import.pk)
            self._show_notes(the_import)
        self._show_counts(the_import, is_dry=is_dry)
        if is_dry:
            discard(the_import, actor=actor)
        if the_import.state == Import.State.FAILED:
            raise CommandError(the_import.problem)
        return the_import.refused

    def _show_notes(self, the_import: Import) -> None:
        for entry in all_corrections(the_import):
            rows = ", ".join(map(str, entry.rows))
            more = ", ..." if entry.count > len(entry.rows) else ""
            self.stdout.write(
                f"Corrected {entry.column}: {entry.was} -> {entry.now} (row {rows}{more})"
            )
        for row in refused_rows(the_import):
            for column, sentence in row.problems:
                value = row.value_of(column)
                place = f"{column}{f' “{value}”' if value else ''}: " if column else ""
                self.stdout.write(f"Refused row {row.number}: {place}{sentence}")

    def _show_counts(self, the_import: Import, *, is_dry: bool) -> None:
        counts = [
            f"{the_import.total} rows",
            f"{the_import.created} created",
            f"{the_import.updated} updated",
            f"{the_import.unchanged} unchanged",
            *([f"{the_import.skipped} skipped"] if the_import.skipped else []),
            f"{the_import.refused} refused",
            f"{the_import.corrected} values corrected",
        ]
        if the_import.linked:
            counts.append(f"{the_import.linked} linked records created on the way")
        self.stdout.write(
            f"{'Dry run, nothing was written: ' if is_dry else ''}{', '.join(counts)}"
        )


def _workspace(slug: str) -> Workspace:
    with control_plane("find the workspace of an import"), transaction.atomic():
        try:
            return find_tenant(slug).as_workspace()
        except UnknownWorkspace as unknown:
            raise CommandError(str(unknown)) from unknown


def _record_type(name: str) -> RecordType:
    found = record_type_named(name)
    if found is None:
        raise CommandError(f"There is no record type {name}.")
    return found


def _member(email: str | None) -> User:
    with transaction.atomic():
        members = (
            User.objects.select_related("role").filter(is_active=True).order_by("joined_at", "pk")
        )
        named = (
            members.filter(email__iexact=email)
            if email
            else members.filter(role__key__in=(Role.Key.OWNER, Role.Key.ADMIN))
        )
        member = named.first()
    if member is None:
        raise CommandError(
            f"Nobody logs in with {email}." if email else "The workspace has no admin."
        )
    return member


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _mapping(the_import: Import, record_type: RecordType, path: Path | None) -> Mapping:
    guessed = Mapping.from_json(the_import.mapping)
    if path is None:
        return guessed
    try:
        written = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as JSON.") from error
    return read_mapping(written, guessed, record_type.importer)


def _laid_out(the_import: Import, options: dict[str, Any], actor: Actor) -> Import:
    wanted = {name: options[name] or "" for name in ("encoding", "sheet")}
    delimiter = DELIMITERS[options["delimiter"]] if options["delimiter"] else ""
    return choose_layout(the_import, choices={**wanted, "delimiter": delimiter}, actor=actor)


def _layout_words(layout: Layout) -> str:
    if layout.kind == "workbook":
        return f"sheet {layout.sheet}"
    if layout.kind == "cards":
        return f"address cards in {layout.encoding}"
    names = {sign: name for name, sign in DELIMITERS.items()}
    return f"{layout.encoding}, columns separated by {names[layout.delimiter]}"


def _options(record_type: RecordType, options: dict[str, Any]) -> Options:
    owner = options["owner"]
    return Options(
        mode=options["mode"],
        match=_match(record_type, options["match"]),
        creates_linked=not options["existing_only"],
        creates_options=options["create_stages"],
        owner=_member(owner).pk if owner else None,
        tags=tuple(options["tag"]),
        runs_automations=options["run_automations"],
        lawful_basis=options["lawful_basis"],
        basis_source=options["basis_source"],
    )


def _match(record_type: RecordType, wanted: str | None) -> str:
    offered = [matcher.name for matcher in record_type.importer.match if matcher.is_offered]
    if wanted and wanted not in offered:
        raise CommandError(
            f"A {record_type.name} is matched by {' or '.join(offered)}, not by {wanted}."
        )
    return wanted or offered[0]
