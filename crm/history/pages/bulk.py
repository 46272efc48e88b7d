"""The dialog that asks what is to be done to the selected records."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from core.http import Request
from core.records.registry import RecordType
from crm.history.forms import OWN, BulkForm, chosen_in
from crm.history.orders import ACTIONS, Action, editable_names
from crm.history.pages.wording import Words


class BulkPage:
    """What somebody is about to do, to how many, and the value that is still to be given."""

    def __init__(self, request: Request, record_type: RecordType) -> None:
        said = request.POST if request.method == "POST" else request.GET
        self.request, self.record_type, self.said = request, record_type, said
        self.name = said.get("action", "")
        self.chosen = chosen_in(said, request.GET)
        self.is_sent = request.method == "POST" and "confirmed" in said

    @property
    def is_known(self) -> bool:
        return self.name in ACTIONS

    @property
    def action(self) -> Action:
        return ACTIONS[self.name]

    @cached_property
    def count(self) -> int:
        return self.chosen.count(self.record_type, self.request.actor)

    @property
    def counted(self) -> str:
        return self.record_type.menu.counted(self.count)

    @property
    def is_all(self) -> bool:
        return self.chosen.query is not None

    @property
    def field_name(self) -> str:
        """The field that is edited; nothing until one is chosen, for none is a good guess."""
        asked = self.said.get("field", "")
        return asked if asked in editable_names(self.record_type) else ""

    @property
    def lacks_field(self) -> bool:
        return self.name == "edit" and not self.field_name

    @cached_property
    def fields(self) -> list[tuple[str, str]]:
        """The fields that may be chosen, each with its label."""
        words = Words(self.record_type)
        return [(name, words.label(name)) for name in editable_names(self.record_type)]

    @cached_property
    def form(self) -> BulkForm:
        data = self.request.POST if self.is_sent else None
        actor = self.request.actor
        name = self.field_name if self.name == "edit" else ""
        return BulkForm(self.record_type, self.name, name, actor=actor, data=data)

    @property
    def address(self) -> str:
        """The page's own address with the state of the list, and nothing of the question."""
        return self._with_state(reverse(self.record_type.url_name("bulk")))

    @property
    def list_url(self) -> str:
        return self._with_state(reverse(self.record_type.url_name("list")))

    def _with_state(self, place: str) -> str:
        kept: list[tuple[str, Any]] = [
            (name, value)
            for name, values in self.request.GET.lists()
            if name not in OWN
            for value in values
        ]
        return f"{place}?{urlencode(kept)}" if kept else place
