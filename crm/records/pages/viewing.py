"""Which saved view a list is, whether it was changed since, and the others to choose from."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access import can
from core.actors import Actor
from core.http import Request
from core.records.registry import RecordType
from crm.records.pages.state import ListState
from crm.views.models import SavedView
from crm.views.queries import LEFT_OUT, is_same, kept
from crm.views.reading import pinned, views_for

# Asks for the list as it comes, where lists otherwise open with a view.
STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A view in the menu, with its address."""

    view: SavedView
    url: str
    is_current: bool


class ViewMenu:
    """The saved views of a list, as one person has them."""

    def __init__(self, request: Request, record_type: RecordType) -> None:
        self.actor: Actor = request.actor
        self.record_type = record_type
        self.views = views_for(request, record_type)
        self.home = reverse(record_type.url_name("list"))
        self.current = self._current(request.GET)
        self.params = self._opened(request.GET)

    def _current(self, params: QueryDict) -> SavedView | None:
        wanted = params.get("view")
        if wanted is None and not params:
            return next((view for view in self.views if view.is_default), None)
        return next((view for view in self.views if str(view.pk) == wanted), None)

    def _opened(self, params: QueryDict) -> QueryDict:
        """Return what the list shows: the address's own words, or the view's where it has none."""
        view = self.current
        if view is None or set(params) - LEFT_OUT:
            return params
        said = QueryDict(urlencode(kept(view.query)), mutable=True)
        for name in params:
            said[name] = str(params[name])
        said["view"] = str(view.pk)
        return said

    def compared_with(self, state: ListState) -> "ViewMenu":
        """Let the menu know the list, which may differ from the view it began as."""
        said = {name: value for name, value in state.params.items() if name not in LEFT_OUT}
        self.query = urlencode(sorted(said.items()))
        return self

    @property
    def is_changed(self) -> bool:
        return self.current is not None and not is_same(self.query, self.current.query)

    @property
    def may_save(self) -> bool:
        return self.current is not None and can(self.actor, "views.change_view", self.current)

    @property
    def may_share(self) -> bool:
        return self.current is not None and can(self.actor, "views.share_view", self.current)

    @property
    def may_share_new(self) -> bool:
        return "views.share_view" in self.actor.permissions

    @property
    def is_own(self) -> bool:
        return self.current is not None and self._is_of_mine(self.current)

    def _is_of_mine(self, view: SavedView) -> bool:
        return view.owner_id == self.actor.user_id

    @property
    def cancel_url(self) -> str:
        return self._url(self.current) if self.current else self.home

    @property
    def standard_url(self) -> str:
        has_default = any(view.is_default for view in self.views)
        return f"{self.home}?view={STANDARD}" if has_default else self.home

    def _url(self, view: SavedView) -> str:
        return f"{self.home}?view={view.pk}"

    @cached_property
    def groups(self) -> list[tuple[str, list[ViewLine]]]:
        """The views under their headings: pinned, shared, one's own."""
        first = pinned(self.views)
        rest = [view for view in self.views if view not in first]
        shared = [view for view in rest if view.is_shared or not self._is_of_mine(view)]
        own = [view for view in rest if view not in shared]
        named = [(_("Pinned"), first), (_("Shared"), shared), (_("Mine"), own)]
        return [
            (label, [ViewLine(view, self._url(view), view is self.current) for view in views])
            for label, views in named
            if views
        ]

    @property
    def is_pinned(self) -> bool:
        return self.current is not None and self.current in pinned(self.views)
