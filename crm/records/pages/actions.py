"""What can be done with a list and its selected rows, as far as this person may."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from core.access import can
from core.actors import Actor
from core.records.conditions.fields import FilterField
from core.records.registry import QuickFilter, Text
from crm.records.pages.state import ListState


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button of the bar that floats above the list while rows are selected."""

    name: str
    label: Text
    icon: str
    verb: str
    field: str = ""
    from_two: bool = False


ACTIONS = (
    BulkAction("edit", _("Edit"), icon="pencil", verb="change"),
    BulkAction("assign", _("Assign"), icon="user-plus", verb="change", field="owner"),
    BulkAction("tag", _("Tag"), icon="tag", verb="change", field="tags"),
    BulkAction("merge", _("Merge"), icon="git-merge", verb="change", from_two=True),
    BulkAction("delete", _("Delete"), icon="trash-2", verb="delete"),
)


class ListActions:
    """The addresses of what can be done here; without permission there are none."""

    def __init__(self, state: ListState, actor: Actor) -> None:
        self.state, self.actor = state, actor
        self.record_type = state.record_type

    @property
    def bulk(self) -> list[BulkAction]:
        """The actions on selected rows; none while nothing does them."""
        if not self.bulk_url:
            return []
        permission = self.record_type.permission
        if not can(self.actor, permission("bulk")):
            return []
        allowed = [action for action in ACTIONS if can(self.actor, permission(action.verb))]
        return [action for action in allowed if self._reaches(action)]

    def _reaches(self, action: BulkAction) -> bool:
        """Whether the fields that it changes may be changed."""
        if action.name == "merge":
            return self.record_type.is_whole
        return not action.field or self.record_type.writes(action.field)

    @property
    def bulk_url(self) -> str:
        return self._address("bulk")

    @property
    def sort_url(self) -> str:
        return self._address("sort")

    @property
    def columns_url(self) -> str:
        return self._address("columns")

    def quick_url(self, quick: QuickFilter) -> str:
        """Return where a quick filter says what it offers."""
        place = reverse(self.record_type.url_name("quick"), args=[quick.name])
        return self.state.address_at(place)

    @property
    def export_url(self) -> str:
        return (
            self._address("export")
            if can(self.actor, self.record_type.permission("export"))
            else ""
        )

    def _address(self, action: str) -> str:
        """Return a page's address with the state of this list; nothing when there is no such page."""
        try:
            place = reverse(self.record_type.url_name(action))
        except NoReverseMatch:
            return ""
        return self.state.address_at(place)

    def group_links(self, fields: list[FilterField]) -> list[tuple[FilterField, str, bool]]:
        """Return the fields rows can be grouped by, each with its address."""
        now = self.state.params.get("group", "")
        return [(each, self.state.url(group=each.name), each.name == now) for each in fields]

    @property
    def ungrouped_url(self) -> str:
        return self.state.url(group="")

    @property
    def table_url(self) -> str:
        return self.state.url(layout="", by="", more="")

    @property
    def board_url(self) -> str:
        return self.state.url(layout="board", group="")
