"""Change sets in words: what was done, how far it is, what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from core.access import can
from core.actors import Actor
from core.records.narrowing import seen_type_named
from core.records.registry import RecordType, record_type_named
from core.ui import formats
from crm.history.conflicts import Clash
from crm.history.models.change_sets import ChangeSet
from crm.history.models.changes import Change
from crm.history.pages.wording import Words
from crm.history.permissions import UNDO
from crm.history.undoing import conflicts_in

ICONS = {
    "edit": "pencil",
    "import": "upload",
    "delete": "trash-2",
    "restore": "rotate-ccw",
    "merge": "git-merge",
    "undo": "undo-2",
}
TONES = {
    "running": "info",
    "done": "success",
    "failed": "danger",
    "undoing": "info",
    "undone": "muted",
}
SHOWN = 50


def type_name(the_set: ChangeSet) -> RecordType | None:
    return record_type_named(the_set.record_type)


def counted(the_set: ChangeSet, count: int) -> str:
    """Return a number of the set's records in words: 12 contacts."""
    known = type_name(the_set)
    return known.menu.counted(count) if known else formats.number(count)


def sentence_of(the_set: ChangeSet) -> str:
    """Return what is being done or was done, in a sentence: 12 contacts changed."""
    total = counted(the_set, the_set.total)
    if the_set.is_under_way:
        said = {
            "delete": _("Deleting %(things)s"),
            "undo": _("Taking back %(things)s"),
        }.get(the_set.kind, _("Changing %(things)s"))
        return said % {"things": total}
    done = the_set.updated + the_set.created + the_set.deleted + the_set.restored
    return _finished(the_set.kind) % {"things": counted(the_set, done)}


def _finished(kind: str) -> str:
    return {
        "delete": _("%(things)s moved to the trash."),
        "restore": _("%(things)s restored."),
        "import": _("%(things)s imported."),
        "undo": _("Undone: %(things)s are as they were."),
        "merge": _("%(things)s merged."),
    }.get(kind, _("%(things)s changed."))


@dataclass(frozen=True, slots=True)
class Told:
    """One record of a change set: what it is called now, and what was changed on it."""

    title: str
    url: str
    rows: Sequence[tuple[str, str, str]] = ()
    reason: str = ""


class ChangeSetView:
    """One change set as one person sees it."""

    def __init__(self, the_set: ChangeSet, actor: Actor, at: datetime) -> None:
        self.set, self.actor, self.at = the_set, actor, at
        self.icon = ICONS[the_set.kind]
        self.tone = TONES[the_set.state]
        self.record_type = seen_type_named(the_set.record_type, actor)

    @property
    def title(self) -> str:
        """What was done, as the list of them says it."""
        if self.set.kind == ChangeSet.Kind.IMPORT and self.set.label:
            return _("Import of %(file)s") % {"file": self.set.label}
        if self.set.kind == ChangeSet.Kind.UNDO and self.set.undoes is not None:
            return _("Undo: %(what)s") % {
                "what": ChangeSetView(self.set.undoes, self.actor, self.at).title
            }
        return self._plain_title

    @property
    def _plain_title(self) -> str:
        things = counted(self.set, self.set.total)
        said = {
            "delete": _("Deleted %(things)s"),
            "restore": _("Restored %(things)s"),
            "merge": _("Merged %(things)s"),
            "import": _("Imported %(things)s"),
        }.get(self.set.kind)
        said = said or {
            "assign": _("Assigned %(things)s"),
            "hand_over": _("Handed over %(things)s"),
            "tag": _("Tagged %(things)s"),
            "untag": _("Took tags off %(things)s"),
        }.get(self.set.action, _("Changed %(things)s"))
        return said % {"things": things}

    @property
    def fields(self) -> str:
        """The fields it was about, by their names."""
        if self.record_type is None or not self.set.fields:
            return ""
        return Words(self.record_type).labels(self.set.fields)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """What came of it, without what did not happen."""
        labels = {
            "created": _("Created"),
            "updated": _("Changed"),
            "deleted": _("Deleted"),
            "restored": _("Restored"),
            "unchanged": _("Unchanged"),
            "refused": _("Refused"),
        }
        found = ((label, getattr(self.set, name)) for name, label in labels.items())
        return [(label, count) for label, count in found if count]

    @property
    def may_undo(self) -> bool:
        return self.set.is_undoable(self.at) and can(self.actor, UNDO, self.set)

    @property
    def sentence(self) -> str:
        return sentence_of(self.set)

    @property
    def toast_tone(self) -> str:
        return "warning" if self.set.refused or self.set.state == "failed" else "success"

    @property
    def done(self) -> int:
        return min(self.set.done, self.set.total)

    @property
    def progress(self) -> str:
        """How far it is and how fast, in words."""
        seconds = max(1.0, (self.at - self.set.created_at).total_seconds())
        return _("%(done)s of %(total)s · %(rate)s per second") % {
            "done": formats.number(self.done),
            "total": formats.number(self.set.total),
            "rate": formats.number(round(self.done / seconds)),
        }

    @property
    def is_silent(self) -> bool:
        return self.set.is_silent(self.at)

    @cached_property
    def refusals(self) -> list[Told]:
        """The records nothing was done to, with the reasons."""
        found: list[tuple[str, dict[str, str]]] = []
        for portion in self.set.portions.filter(refused__isnull=False).order_by("number"):
            found += [(portion.record_type, entry) for entry in portion.refused or ()]
            if len(found) >= SHOWN:
                break
        names = Names(self.actor)
        names.read((kind, UUID(entry["id"])) for kind, entry in found[:SHOWN])
        return [
            names.told(kind, UUID(entry["id"]), reason=entry["reason"])
            for kind, entry in found[:SHOWN]
        ]


class Kept(NamedTuple):
    """A field that stays as it is: what it says, by whom; or why it cannot be as before."""

    label: str
    value: str
    who: str
    reason: str = ""


class Names:
    """What records are called, read once for each type; those one may not see have no name."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.records: dict[UUID, Any] = {}
        self.in_trash: set[UUID] = set()
        self.words: dict[str, Words] = {}

    def read(self, places: Iterable[tuple[str, UUID]]) -> None:
        wanted: dict[str, set[UUID]] = {}
        for name, pk in places:
            wanted.setdefault(name, set()).add(pk)
        for name, ids in wanted.items():
            known = record_type_named(name)
            if known is not None and can(self.actor, known.permission("view")):
                rows: Any = known.model._default_manager.all()
                seen = rows.seen_by(self.actor).filter(pk__in=ids)
                self.records |= {each.pk: each for each in known.listing.prepare(seen)}
                # Asked apart: what lists read along leaves it out, and each would ask for itself.
                gone = seen.filter(deleted_at__isnull=False)
                self.in_trash |= set(gone.values_list("pk", flat=True))

    def told(self, name: str, pk: UUID, **said: Any) -> Told:
        record = self.records.get(pk)
        if record is None:
            return Told(str(_("A record you cannot see")), "", reason=said.get("reason", ""))
        url = "" if pk in self.in_trash else record.get_absolute_url()
        return Told(str(record), url, **said)

    def rows(self, change: Change) -> list[tuple[str, str, str]]:
        """Return what changed, field by field, in words; nothing for who may not see the record."""
        if change.record_id not in self.records:
            return []
        words = self._words(change.record_type)
        return [
            (
                words.label(name),
                words.value(name, change.before[name]),
                words.value(name, change.after[name]),
            )
            for name in words.seen(change.fields)
        ]

    def clashes(self, name: str, clashes: Iterable[Clash]) -> list[Kept]:
        seen = self._words(name).seen(each.field for each in clashes)
        return [self._clash(name, each) for each in clashes if each.field in seen]

    def _clash(self, name: str, clash: Clash) -> Kept:
        words = self._words(name)
        value = words.value(clash.field, clash.theirs)
        return Kept(words.label(clash.field), value, clash.who, clash.reason)

    def _words(self, name: str) -> Words:
        if name not in self.words:
            known = seen_type_named(name, self.actor)
            if known is None:
                raise LookupError(name)
            self.words[name] = Words(known)
        return self.words[name]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record somebody else changed since, or that cannot be as before, and where; or why not at all."""

    title: str
    url: str
    fields: Sequence[Kept]
    reason: str = ""


def conflicts_of(the_set: ChangeSet, actor: Actor) -> list[Conflict]:
    """Return what taking the set back would have to leave alone, in words."""
    found = conflicts_in(the_set, actor)
    names = Names(actor)
    names.read((name, pk) for pk, (name, _clashes) in found.items())
    return [_conflict(names, pk, name, clashes) for pk, (name, clashes) in found.items()]


def _conflict(names: Names, pk: UUID, name: str, clashes: Sequence[Clash]) -> Conflict:
    told = names.told(name, pk)
    is_seen = pk in names.records
    fields = names.clashes(name, clashes) if is_seen else []
    reason = "" if clashes else _("You may not change this record.")
    return Conflict(told.title, told.url, fields, reason)
