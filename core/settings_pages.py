"""The menu of the settings: each area adds its own page when it loads."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.functional import Promise

from core.access import can
from core.actors import Actor
from core.http import Request


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One page of the settings; without a permission or somebody it is shown to it is everybody's own."""

    group: Promise
    label: Promise
    icon: str
    url_name: str
    permission: str = ""
    shown_to: Callable[[Actor], bool] | None = None

    def is_shown_to(self, actor: Actor) -> bool:
        if self.shown_to is not None:
            return self.shown_to(actor)
        return not self.permission or can(actor, self.permission)


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    entries: tuple[Entry, ...]


_pages: list[SettingsPage] = []


def add_settings_page(page: SettingsPage) -> None:
    """Put a page into the menu of the settings, after those of its group."""
    _pages.append(page)


def menu_for(request: Request) -> list[Group]:
    """Return the pages this person may open, in groups, marking the one they are on."""
    allowed = [page for page in _pages if page.is_shown_to(request.actor)]
    order = {str(page.group): number for number, page in reversed(list(enumerate(allowed)))}
    allowed.sort(key=lambda page: order[str(page.group)])
    grouped = groupby(allowed, key=lambda page: str(page.group))
    return [
        Group(label, tuple(_entry(page, request) for page in pages)) for label, pages in grouped
    ]


def _entry(page: SettingsPage, request: Request) -> Entry:
    url = reverse(page.url_name)
    return Entry(str(page.label), page.icon, url, request.path.startswith(url))
