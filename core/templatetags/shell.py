"""Template words about pages and record types: the settings menu, a record's second line, its list."""

from typing import Any

from django import template
from django.template import Context
from django.template.base import NodeList
from django.template.loader_tags import BlockNode
from django.utils.html import escape
from django.utils.safestring import SafeString

from core.http import Request, is_own_address
from core.records.registry import RecordType
from core.settings_pages import Entry, Group, menu_for
from core.ui.fragments import fragment

register = template.Library()


@register.simple_tag
def kept(template_name: str, **values: Any) -> SafeString:
    """Include a template that shows these values and nothing else; it is drawn once for all who see the same."""
    return fragment(template_name, values)


@register.simple_tag(takes_context=True)
def settings_menu(context: dict[str, Any]) -> list[Group]:
    """Return the settings this person may open, in groups; nobody's on the pages of the design."""
    request = context["request"]
    return menu_for(request) if hasattr(request, "actor") else []


@register.simple_tag(takes_context=True)
def way_back(context: dict[str, Any]) -> str:
    """Return the page somebody came from, if it is one of ours."""
    request = context["request"]
    came_from: str = request.META.get("HTTP_REFERER", "")
    return came_from if is_own_address(came_from, request) else "/"


@register.simple_tag(takes_context=True)
def settings_here(context: dict[str, Any]) -> str:
    """Return the name of the settings page that is open."""
    entry = _open_entry(context["request"])
    return entry.label if entry else ""


def _open_entry(request: Request) -> Entry | None:
    entries = [entry for group in menu_for(request) for entry in group.entries]
    return next((entry for entry in entries if entry.is_current), None)


@register.simple_tag(takes_context=True)
def settings_trail(context: Context) -> dict[str, Any]:
    """Return the entry of the menu that is open and, on a page below it, that page's title."""
    entry = _open_entry(context["request"])
    if entry is None or entry.url == context["request"].path:
        return {"entry": entry, "here": ""}
    # What the page calls itself in the tab of the browser, as its block "title" says it.
    title = BlockNode("title", NodeList()).render(context)
    return {"entry": entry, "here": "" if title == escape(entry.label) else title}


@register.simple_tag(takes_context=True)
def all_favourites(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Return starred records and pinned views in the one order the member gave them."""
    kinds = (context.get(name) for name in ("pinned_views", "favourites"))
    entries = [entry for shown in kinds if shown for entry in shown()]
    return sorted(entries, key=lambda entry: entry["position"])


@register.filter
def detail_of(record: Any, record_type: RecordType) -> str:
    """Return the line that tells records of one name apart."""
    return str(record_type.listing.secondary(record) or "")


@register.filter
def list_name(record_type: RecordType) -> str:
    """Return the URL name of the type's list."""
    return record_type.url_name("list")
