"""Records side by side, field by field, as the one who merges them chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from core.access import can
from core.actors import Actor
from core.records.registry import RecordType
from crm.history.choices import ALL, is_nothing
from crm.history.pages.wording import Words


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
        return all(can(self.actor, permission("change"), each) for each in self.records)

    @property
    def ids(self) -> str:
        return ",".join(str(each.pk) for each in self.records)

    @cached_property
    def said(self) -> dict[UUID, dict[str, Any]]:
        many = self.record_type.operations.many
        return {each.pk: many.says(each, many.names) for each in self.records}

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
