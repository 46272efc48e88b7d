"""Saved mappings as their page lists them."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.records.registry import record_type_named
from crm.transfer.models import SavedMapping


@dataclass(frozen=True, slots=True)
class SavedMappingView:
    """A saved mapping as its page shows it: the name as it is or was sent, and what is wrong with that."""

    saved: SavedMapping
    name: str
    errors: Sequence[str] = ()

    @property
    def things(self) -> str:
        """What the rows of its files become."""
        known = record_type_named(self.saved.record_type)
        return str(known.menu.plural if known else self.saved.record_type)

    @property
    def columns(self) -> list[str]:
        """The columns it is for that go somewhere."""
        return [each["column"] for each in self.saved.mapping["columns"] if each["field"]]


def saved_mappings() -> list[SavedMappingView]:
    """Return the saved mappings, by record type and name."""
    rows = SavedMapping.objects.order_by("record_type", "name", "pk")
    return [SavedMappingView(each, each.name) for each in rows]
