"""What the import pages show: steps, outcomes, progress, earlier imports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.access import can
from core.actors import Actor
from core.records.registry import RecordType, Text, record_type_named, record_types
from core.ui import formats
from crm.transfer.models import Import
from crm.transfer.notes import (
    Corrected,
    TableRow,
    Updated,
    all_corrections,
    refused_rows,
    sample_rows,
    updated_records,
)

STEPS = (
    gettext_lazy("Upload"),
    gettext_lazy("Match"),
    gettext_lazy("Check"),
    gettext_lazy("Run"),
    gettext_lazy("Result"),
)
ROWS_SHOWN = 50
COLUMNS_SHOWN = 6
EARLIER_SHOWN = 50
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
    return [each for each in record_types() if can(actor, each.add_permission)]


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


def _hint_refused(the_import: Import) -> str:
    return _("left out, with reasons") if the_import.refused else ""


@dataclass(frozen=True)
class ImportView:
    """An import as its pages show it."""

    record: Import

    @cached_property
    def type(self) -> RecordType | None:
        return record_type_named(self.record.record_type)

    @property
    def things(self) -> str:
        """What the rows are, inside a sentence."""
        return str(self.type.menu.plural if self.type else self.record.record_type).lower()

    @property
    def matched_by(self) -> Text:
        matchers = self.type.importer.match if self.type else ()
        return next(
            (each.label for each in matchers if each.name == self.record.match), self.record.match
        )

    @property
    def subtitle(self) -> str:
        return _("%(file)s · %(rows)s · recognised by %(match)s") % {
            "file": self.record.file_name,
            "rows": counted_rows(self.record.total),
            "match": str(self.matched_by).lower(),
        }

    @property
    def tone(self) -> str:
        return TONES[Import.State(self.record.state)]

    @property
    def list_url(self) -> str:
        return reverse(self.type.list_url_name) if self.type else "/"

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
        used = dict.fromkeys(
            each["field"] for each in self.record.mapping["columns"] if each["field"]
        )
        fields = [self.type.importer.field(name) for name in used] if self.type else []
        return [field.label for field in fields if field][:COLUMNS_SHOWN]

    @cached_property
    def corrections(self) -> list[Corrected]:
        return all_corrections(self.record)[:ROWS_SHOWN]

    @cached_property
    def refused(self) -> list[TableRow]:
        return list(islice(refused_rows(self.record), ROWS_SHOWN))

    @cached_property
    def updated(self) -> list[Updated]:
        return list(islice(updated_records(self.record), ROWS_SHOWN))

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
        return self._outcomes(_("Will create"), _("Will update"), _("Unchanged"), _("Refused"))

    @property
    def happened(self) -> list[Outcome]:
        """The outcomes in the words of a result."""
        return self._outcomes(_("Created"), _("Updated"), _("Unchanged"), _("Refused"))

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
                record.unchanged,
                _("already the same") if record.unchanged else "",
            ),
            Outcome("refused", refused, "danger", record.refused, _hint_refused(record)),
        ]

    def _linked(self) -> str:
        if not self.record.linked:
            return self.things if self.record.created else ""
        more = ngettext(
            "and %(count)s linked company", "and %(count)s linked companies", self.record.linked
        )
        return f"{self.things}, {more % {'count': formats.number(self.record.linked)}}"

    def first_outcome(self) -> str:
        """The outcome that needs a look first: what is refused, else what would be written."""
        counts = {each.key: each.count for each in self.planned}
        return next((key for key in ("refused", "created", "updated") if counts[key]), "unchanged")


def counted_rows(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": formats.number(count)}


def progress_text(the_import: Import, at: datetime) -> str:
    """Return how far the import is, how fast, and how long it will take, as far as that is known."""
    done, total = the_import.done, the_import.total
    if not total or not the_import.started_at:
        return _("Reading the file")
    text = _("%(done)s of %(total)s rows") % {
        "done": formats.number(done),
        "total": formats.number(total),
    }
    seconds = (at - the_import.started_at).total_seconds()
    if not done or seconds < 2:
        return text
    rate = done / seconds
    left = round((total - done) / rate)
    pace = _("%(rate)s rows/s, about %(left)s left") % {
        "rate": formats.number(round(rate)),
        "left": duration(left),
    }
    return f"{text} · {pace}"


def duration(seconds: int) -> str:
    if seconds < 90:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = round(seconds / 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def earlier(actor: Actor) -> list[ImportView]:
    """Return the latest imports this person may see."""
    rows = Import.objects.visible_to(actor).select_related("owner").order_by("-created_at", "-pk")
    return [ImportView(each) for each in rows[:EARLIER_SHOWN]]


def crumbs(*labels: str | Promise) -> list[dict[str, Any]]:
    """Return the way to an import page; everything but the last leads to the start."""
    path: Iterable[str | Promise] = (gettext_lazy("Import"), *labels)
    return [{"label": label, "url": reverse("transfer:start")} for label in path]
