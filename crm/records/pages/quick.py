"""What a quick filter offers, when somebody opens it."""

from dataclasses import dataclass
from typing import Self

from django.http import Http404

from core.records.registry import Text
from crm.records.pages.state import ListState


@dataclass(frozen=True, slots=True)
class QuickPanel:
    """A quick filter's choices, each with the address of the list it leaves."""

    label: Text
    choices: list[tuple[Text, str]]

    @classmethod
    def of(cls, state: ListState, name: str) -> Self:
        """Return the panel of one filter; Http404 where the list offers no such thing."""
        listing = state.listing
        found = next((each for each in listing.quick if each.name == name), None)
        if found is None or name not in listing.choices:
            raise Http404
        offered = listing.choices[name]()
        return cls(
            found.label,
            [(label, state.url(**{name: value})) for value, label in offered],
        )
