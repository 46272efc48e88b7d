"""One record's page: its head, its groups of fields, what happened, and what belongs to it."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from core.access import can
from core.actors import Actor
from core.records.addresses import address_of
from core.records.cells import NOTHING, shown
from core.records.registry import FieldGroup, RecordType, Related, Text
from crm.records.pages.timeline import Entry, timeline_of


class RecordPage:
    """What the page of one record shows to one actor."""

    def __init__(self, record: Any, record_type: RecordType, actor: Actor) -> None:
        self.record = record
        self.record_type = record_type
        self.actor = actor
        self.title = str(record)
        self.is_person = record_type.page.is_person

    @property
    def subtitle(self) -> Any:
        return self.record_type.page.subtitle(self.record)

    @property
    def status(self) -> Any:
        return self.record_type.page.status(self.record)

    @property
    def tags(self) -> Sequence[Any]:
        return self.record_type.page.tags(self.record)

    @cached_property
    def groups(self) -> list[tuple[Text, list[tuple[Text, SafeString]], int]]:
        """Each group with its values; the number says how many of them are empty."""
        return [self._group(group) for group in self.record_type.page.groups]

    def _group(self, group: FieldGroup) -> tuple[Text, list[tuple[Text, SafeString]], int]:
        values = [(view.label, shown(view, self.record)) for view in group.fields]
        return group.label, values, sum(value == NOTHING for _, value in values)

    @cached_property
    def timeline(self) -> list[tuple[str, list[Entry]]]:
        return timeline_of(self.record, self.record_type)

    @cached_property
    def related(self) -> Sequence[Related]:
        return self.record_type.page.related(self.record, self.actor)

    @property
    def edit_url(self) -> str:
        return self._url_if_allowed("edit", "change")

    @property
    def delete_url(self) -> str:
        return self._url_if_allowed("delete", "delete")

    def _url_if_allowed(self, action: str, verb: str) -> str:
        if not can(self.actor, self.record_type.permission(verb), self.record):
            return ""
        return address_of(self.record_type.url_name(action), self.record.pk)
