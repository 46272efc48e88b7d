"""What the import pages show: steps, outcomes, progress, earlier imports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.access import can
from core.actors import Actor
from core.records.narrowing import seen_type_named
from core.records.registry import RecordType, Text, record_types
from core.ui import formats
from crm.history.models.change_sets import ChangeSet
from crm.history.permissions import UNDO
from crm.transfer.editing import EditableRow, beside, editable
from crm.transfer.engine.edited import skipped_in
from crm.transfer.engine.running import plan_of
from crm.transfer.models import RETENTION, Import
from crm.transfer.notes import (
    Corrected,
    TableRow,
    Updated,
    all_corrections,
    refused_rows,
    sample_rows,
    settled_rows,
    updated_records,
)
from crm.transfer.options import Options
from crm.transfer.permissions import may_import, may_open
from crm.transfer.reading.table import Layout
from crm.transfer.wording import RIGHTS_ENDED, counted_rows

STEPS = (
    gettext_lazy("Upload"),
    gettext_lazy("Match"),
    gettext_lazy("Options"),
    gettext_lazy("Check"),
    gettext_lazy("Run"),
    gettext_lazy("Result"),
)
ROWS_SHOWN = 50
COLUMNS_SHOWN = 6
UPDATES_SHOWN = 100
TONES = {
    Import.State.UPLOADED: "none",
    Import.State.CHECKING: "info",
    Import.State.CHECKED: "primary",
    Import.State.RUNNING: "info",
    Import.State.FINISHED: "success",
    Import.State.FAILED: "danger",
}


def importable(actor: Actor) -> list[RecordType]:
    """Return the record types this person may bring files of."""
    return [
        each
        for each in record_types()
        if may_import(actor, each.name) and can(actor, each.add_permission)
    ]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of the four things that can become of a row."""

    key: str
    label: str
    tone: str
    count: int
    hint: str


class Line(NamedTuple):
    """A row of the file with as many of its cells as there is room for."""

    number: int
    cells_shown: list[str]


class SettledRow(NamedTuple):
    """A row that was refused, until somebody corrected or skipped it."""

    number: int
    beside: tuple[str, ...]
    is_skipped: bool


def _joined(told: Sequence[str]) -> str:
    """Return the parts in one line, with commas as the language has them."""
    if len(told) < 2:
        return "".join(told)
    return _("%(things)s, %(more)s") % {"things": _joined(told[:-1]), "more": told[-1]}


def _hint_refused(the_import: Import) -> str:
    return _("left out, with reasons") if the_import.refused else ""


@dataclass(frozen=True)
class ImportView:
    """An import as its pages show it."""

    record: Import
    actor: Actor

    @cached_property
    def type(self) -> RecordType | None:
        return seen_type_named(self.record.record_type, self.actor)

    @property
    def things(self) -> str:
        """What the rows are, inside a sentence."""
        return str(self.type.menu.plural if self.type else self.record.record_type).lower()

    @property
    def matched_by(self) -> Text:
        matchers = self.type.importer.match if self.type else ()
        return next((each.label for each in matchers if each.name == self.options.match), "")

    @cached_property
    def options(self) -> Options:
        return Options.from_json(self.record.options)

    @property
    def sheet(self) -> str:
        return Layout.from_json(self.record.layout).sheet

    @property
    def subtitle(self) -> str:
        sheet = _("sheet “%(name)s”") % {"name": self.sheet} if self.sheet else ""
        match = _("recognised by %(match)s") % {"match": str(self.matched_by).lower()}
        rows = counted_rows(self.record.total)
        return " · ".join(filter(None, (self.record.file_name, sheet, rows, match)))

    @property
    def reason(self) -> str:
        """Why it stopped, where that tells nothing of its file; nothing where it did not."""
        return str(RIGHTS_ENDED) if self.record.rights_ended else ""

    @cached_property
    def is_open(self) -> bool:
        """Whether the reader may open it; what they may not open is told of in one line."""
        return may_open(self.actor, self.record)

    @property
    def tone(self) -> str:
        return TONES[Import.State(self.record.state)]

    @property
    def list_url(self) -> str:
        return reverse(self.type.list_url_name) if self.type else "/"

    @property
    def shown_url(self) -> str:
        """The list of what was imported, while it is known."""
        return f"{self.list_url}?written_in={self.journal.pk}" if self.journal else self.list_url

    @property
    def skipped(self) -> int:
        """How many rows are left alone, for either reason."""
        return int(self.record.unchanged + self.record.skipped)

    @property
    def state_label(self) -> str:
        """The state in words; an import that was undone says so."""
        if self.journal and self.journal.undone_at:
            return _("Undone")
        return str(self.record.get_state_display())

    @cached_property
    def journal(self) -> ChangeSet | None:
        """What the import wrote, to be taken back; None where it wrote nothing."""
        pk, wrote = self.record.change_set_id, self.record.created or self.record.updated
        journal: ChangeSet | None = (
            ChangeSet.objects.filter(pk=pk).first() if pk and wrote else None
        )
        return journal

    @property
    def undo_url(self) -> str:
        """Where the import is taken back as a whole; nothing where the reader may not, or not any more."""
        if self.journal is None or not self.journal.is_undoable(now()):
            return ""
        if not can(self.actor, UNDO, self.journal):
            return ""
        return reverse("change-set-undo", args=[self.journal.pk])

    @property
    def undo_until(self) -> datetime:
        """The last day on which the import can be undone as a whole."""
        return (self.record.started_at or self.record.created_at) + RETENTION

    def counted(self, count: int) -> str:
        return self.type.menu.counted(count) if self.type else formats.number(count)

    @property
    def importable(self) -> int:
        """How many rows would be written."""
        return self.record.created + self.record.updated

    @property
    def importable_rows(self) -> str:
        return counted_rows(self.importable)

    @property
    def refused_rows_counted(self) -> str:
        return counted_rows(self.record.refused)

    @property
    def columns(self) -> list[Text]:
        """The fields a table of records has room for, in the file's order."""
        importer = self.type.importer if self.type else None
        mapped = (each["field"] for each in self.record.mapping["columns"] if each["field"])
        fields = (importer.field(name) for name in mapped) if importer else ()
        targets = dict.fromkeys(field.target for field in fields if field)
        shown = (importer.field(name) for name in targets) if importer else ()
        return [field.label for field in shown if field][:COLUMNS_SHOWN]

    @cached_property
    def corrections(self) -> list[Corrected]:
        return all_corrections(self.record)[:ROWS_SHOWN]

    @cached_property
    def refused(self) -> list[TableRow]:
        return refused_rows(self.record)[:ROWS_SHOWN]

    @cached_property
    def editable(self) -> list[EditableRow]:
        """The refused rows with their cells to correct in place."""
        plan = plan_of(self.record)
        return [editable(row, plan, self.actor) for row in self.refused]

    @cached_property
    def settled(self) -> list[SettledRow]:
        """The rows somebody did something about, which can be taken back."""
        return [
            SettledRow(each.row.number, beside(each.row.cells, set()), each.is_skipped)
            for each in settled_rows(self.record)[-ROWS_SHOWN:]
        ]

    @cached_property
    def created(self) -> list[Line]:
        return self._lines("created")

    @cached_property
    def unchanged(self) -> list[Line]:
        return self._lines("unchanged")

    def _lines(self, kind: str) -> list[Line]:
        rows = sorted(sample_rows(self.record, kind), key=lambda row: row.number)[:ROWS_SHOWN]
        return [Line(row.number, row.cells[:COLUMNS_SHOWN]) for row in rows]

    @property
    def planned(self) -> list[Outcome]:
        """The outcomes in the words of a check."""
        return self._outcomes(_("Will create"), _("Will update"), _("Will skip"), _("Errors"))

    @property
    def happened(self) -> list[Outcome]:
        """The outcomes in the words of a result."""
        return self._outcomes(_("Created"), _("Updated"), _("Skipped"), _("Errors"))

    def _outcomes(self, created: str, updated: str, unchanged: str, refused: str) -> list[Outcome]:
        record = self.record
        return [
            Outcome("created", created, "success", record.created, self._linked()),
            Outcome(
                "updated", updated, "info", record.updated, self.things if record.updated else ""
            ),
            Outcome(
                "unchanged",
                unchanged,
                "muted",
                record.unchanged + record.skipped,
                self._skipped(),
            ),
            Outcome("refused", refused, "danger", record.refused, _hint_refused(record)),
        ]

    def _skipped(self) -> str:
        """Why rows are left alone."""
        same = _("%(count)s unchanged") % {"count": formats.number(self.record.unchanged)}
        by_hand = skipped_in(self.record.edits or {})
        skipped = _("%(count)s skipped by hand") % {"count": formats.number(by_hand)}
        others = self.record.skipped - by_hand
        unwanted = _("%(count)s not wanted this time") % {"count": formats.number(others)}
        counts = ((self.record.unchanged, same), (others, unwanted), (by_hand, skipped))
        told = [text for count, text in counts if count > 0]
        return _joined(told)

    def _linked(self) -> str:
        if not self.record.linked:
            return self.things if self.record.created else ""
        more = ngettext(
            "and %(count)s linked company", "and %(count)s linked companies", self.record.linked
        )
        linked = more % {"count": formats.number(self.record.linked)}
        return _("%(things)s, %(more)s") % {"things": self.things, "more": linked}

    def first_outcome(self) -> str:
        """The outcome that needs a look first: what is refused, else what would be written."""
        counts = {each.key: each.count for each in self.planned}
        return next((key for key in ("refused", "created", "updated") if counts[key]), "unchanged")


def updates_page(the_import: Import, number: str) -> Page[Updated]:
    """Return a page of the records that change; what is no number is the first page."""
    changing: Any = updated_records(the_import)
    return Paginator(changing, UPDATES_SHOWN).get_page(number)


def earlier(actor: Actor, most: int) -> list[ImportView]:
    """Return the latest imports this person may know of."""
    rows = Import.objects.visible_to(actor).select_related("owner").order_by("-created_at", "-pk")
    return [ImportView(each, actor) for each in rows[:most]]


def crumbs(*labels: str | Promise) -> list[dict[str, Any]]:
    """Return the way to an import page; everything but the last leads to the start."""
    path: Iterable[str | Promise] = (gettext_lazy("Import"), *labels)
    return [{"label": label, "url": reverse("transfer:start")} for label in path]
