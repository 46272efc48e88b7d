"""Navigation entries and "+ New" actions, as the registry has them for whoever is asking."""

from dataclasses import dataclass

from django.urls import reverse

from core.access import can
from core.http import Request
from core.records.narrowing import types_viewed_by
from core.records.registry import RecordType, Text, record_types


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu."""

    name: str
    label: Text
    icon: str
    url: str
    group: Text
    is_current: bool = False
    key: str = ""


def navigation(request: Request) -> list[Entry]:
    """Return the lists this person may open, marking the one they are in."""
    return [_entry(request, record_type, "list") for record_type in types_viewed_by(request.actor)]


def new_actions(request: Request) -> list[Entry]:
    """Return what this person may create."""
    return [
        _entry(request, record_type, "new")
        for record_type in record_types()
        if can(request.actor, record_type.permission("add"))
    ]


def _entry(request: Request, record_type: RecordType, action: str) -> Entry:
    menu = record_type.menu
    home = reverse(record_type.url_name("list"))
    return Entry(
        name=record_type.name,
        label=menu.plural if action == "list" else menu.new,
        icon=menu.icon,
        url=reverse(record_type.url_name(action)),
        group=menu.group,
        is_current=request.path.startswith(home),
        key=menu.key if action == "list" else "",
    )
