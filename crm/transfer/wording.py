"""How far an import is and what came of it, in words."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.ui import formats
from crm.transfer.models import Import

RIGHTS_ENDED = gettext_lazy("Whoever started this import may not import records any more.")


class Pace(NamedTuple):
    """Rows a second, and the seconds that are left at this rate."""

    rate: float
    seconds_left: int


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
    pace = pace_of(the_import, at)
    if pace is None:
        return text
    more = _("%(rate)s rows/s, about %(left)s left") % {
        "rate": formats.number(round(pace.rate)),
        "left": duration(pace.seconds_left),
    }
    return f"{text} · {more}"


def pace_of(the_import: Import, at: datetime) -> Pace | None:
    """Return how fast the import is and how long it will take; None while that cannot be told."""
    done, started_at = the_import.done, the_import.started_at
    seconds = (at - started_at).total_seconds() if started_at else 0
    if not done or seconds < 2:
        return None
    rate = done / seconds
    return Pace(rate, round((the_import.total - done) / rate))


def duration(seconds: int) -> str:
    if seconds < 90:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = round(seconds / 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def finished_text(the_import: Import) -> str:
    """Return in one sentence what came of the import, or of its check."""
    rows = counted_rows(the_import.created + the_import.updated)
    name = {"file": the_import.file_name}
    if the_import.state == Import.State.FINISHED:
        return _("%(file)s: %(rows)s imported") % {**name, "rows": rows}
    if the_import.state == Import.State.CHECKED:
        return _("%(file)s is checked") % name
    return _("%(file)s: the import stopped") % name
