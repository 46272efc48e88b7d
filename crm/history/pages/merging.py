"""Records side by side, field by field, as the one who merges them chooses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count
from django.urls import reverse

from core.access import can
from core.actors import Actor
from core.records.finding import find_records
from core.records.registry import RecordType
from crm.history.choices import ALL, is_nothing
from crm.history.following import followers
from crm.history.operations.duplicates import likely_duplicates
from crm.history.pages.wording import Words

SHOWN = 8
type Counted = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values a field may get: whose it is, and what it says."""

    value: str
    title: str
    says: str
    checked: bool
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field the records differ in."""

    name: str
    label: str
    options: Sequence[Option]


class MergePage:
    """The records that are to become one. The first of them stays unless another is chosen."""

    def __init__(self, record_type: RecordType, ids: Sequence[UUID], actor: Actor) -> None:
        self.record_type, self.actor = record_type, actor
        rows: Any = record_type.model._default_manager.all()
        seen = record_type.page.prepare(rows.visible_to(actor).filter(pk__in=ids))
        # The oldest first: what others link to is probably that one.
        self.records: list[Any] = sorted(seen, key=lambda each: (each.created_at, str(each.pk)))
        self.words = Words(record_type)

    @property
    def is_allowed(self) -> bool:
        permission = self.record_type.permission
        return self.record_type.is_whole and all(
            can(self.actor, permission("change"), each) for each in self.records
        )

    @property
    def ids(self) -> str:
        return ",".join(str(each.pk) for each in self.records)

    @cached_property
    def said(self) -> dict[UUID, dict[str, Any]]:
        many = self.record_type.operations.many
        return {each.pk: many.says(each, many.names) for each in self.records}

    @cached_property
    def belongings(self) -> dict[UUID, list[str]]:
        """What hangs on each record and would move, in words: 3 notes, 12 contacts."""
        return belongings(self.record_type, [each.pk for each in self.records], self.actor)

    @property
    def sides(self) -> list[tuple[Any, list[str]]]:
        """Each record with what belongs to it."""
        return [(each, self.belongings[each.pk]) for each in self.records]

    @property
    def names(self) -> list[str]:
        """The fields in the order of the form; lists among them."""
        known = set(self.record_type.operations.many.names)
        form: Any = self.record_type.form
        return [name for _title, names in form.groups for name in names if name in known]

    @property
    def differing(self) -> list[FieldChoice]:
        """The fields that have to be chosen."""
        return [self._choice(name) for name in self.names if self._differs(name)]

    @property
    def same(self) -> list[tuple[str, str]]:
        """The fields that say the same on all of them, if they say anything."""
        first = next(iter(self.said.values()))
        return [
            (self.words.label(name), self.words.value(name, first[name]))
            for name in self.names
            if not self._differs(name) and not is_nothing(first[name]) and first[name] is not False
        ]

    def _differs(self, name: str) -> bool:
        values = [said[name] for said in self.said.values()]
        return any(each != values[0] for each in values)

    def _choice(self, name: str) -> FieldChoice:
        is_united = name in self.record_type.operations.merging.united
        default = next((pk for pk, said in self.said.items() if not is_nothing(said[name])), None)
        options = [
            Option(
                str(each.pk),
                str(each),
                self.words.value(name, self.said[each.pk][name]),
                checked=not is_united and each.pk == default,
                is_empty=is_nothing(self.said[each.pk][name]),
            )
            for each in self.records
        ]
        if is_united:
            options.append(Option(ALL, "", "", checked=True))
        return FieldChoice(name, self.words.label(name), options)


def belongings(record_type: RecordType, ids: Sequence[UUID], actor: Actor) -> dict[UUID, list[str]]:
    """Return in words how much of what the actor sees belong to each of the records would move with it."""
    found: dict[UUID, list[str]] = {pk: [] for pk in ids}
    for related in record_type.operations.merging.related:
        rows = related.model._default_manager.visible_to(actor)
        rows = rows.filter(**{f"{related.field}__in": ids})
        _say(found, rows, related.field, related.counted)
    for follower in followers():
        if follower.counted:
            rows = follower.of(record_type.model, ids).present()
            _say(found, rows, follower.id_field, follower.counted)
    return found


def _say(found: dict[UUID, list[str]], rows: Any, field: str, counted: Counted | None) -> None:
    if counted is not None:
        counts = rows.order_by().values_list(field).annotate(count=Count("pk"))
        for pk, count in counts:
            found[pk].append(counted(count))


class Counterpart(NamedTuple):
    """A record that may be the same as another one: why, and where the two stand side by side."""

    record: Any
    reason: Any
    url: str


class MergeStart:
    """Which record is to become one with this one: those probably the same, and any that is searched for."""

    def __init__(self, record_type: RecordType, record: Any, actor: Actor, query: str) -> None:
        self.record_type, self.record, self.actor = record_type, record, actor
        self.query = query.strip()[:100]

    @cached_property
    def likely(self) -> list[Counterpart]:
        """The records that are probably the same, the likeliest first."""
        many, reasons = self.record_type.operations.many, self.record_type.duplicates.reasons
        said = many.says(self.record, many.names)
        likely = likely_duplicates(self.record_type, said, actor=self.actor)
        others = {
            each.record.pk: reasons.get(each.reason, each.reason)
            for each in likely
            if each.record.pk != self.record.pk
        }
        return self._counterparts(others)

    @cached_property
    def found(self) -> list[Counterpart]:
        """The records that match what was searched for."""
        if not self.query:
            return []
        hits = find_records(self.record_type, self.query, actor=self.actor, shown=SHOWN).hits
        return self._counterparts({hit.id: "" for hit in hits if hit.id != self.record.pk})

    def _counterparts(self, reasons: Mapping[UUID, Any]) -> list[Counterpart]:
        rows: Any = self.record_type.model._default_manager.all()
        seen = rows.visible_to(self.actor).filter(pk__in=reasons)
        records = {each.pk: each for each in self.record_type.listing.prepare(seen)}
        place = reverse(self.record_type.url_name("merge"))
        return [
            Counterpart(records[pk], reason, f"{place}?ids={self.record.pk},{pk}")
            for pk, reason in reasons.items()
            if pk in records
        ]
