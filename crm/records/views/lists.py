"""The list of a record type, and the form of one of its conditions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.access import authorize, can
from core.http import Request
from core.records.registry import RecordType
from crm.records.pages.boards import Board
from crm.records.pages.editor import editor_of
from crm.records.pages.groups import GroupedList
from crm.records.pages.heads import ColumnsPanel, SortPanel
from crm.records.pages.listing import RecordList
from crm.records.pages.quick import QuickPanel
from crm.records.pages.state import ListState
from crm.records.pages.viewing import ViewMenu

PANELS: dict[str, Callable[[ListState], Any]] = {"sort": SortPanel, "columns": ColumnsPanel}


@login_required
@require_GET
def record_list(request: Request, record_type: RecordType) -> HttpResponse:
    """Answer a page of the list; to htmx only the part that changes with its address."""
    context: dict[str, Any] = {"type": record_type, "breadcrumb": [crumb(record_type)]}
    if not can(request.actor, record_type.permission("view")):
        return render(request, "records/forbidden.html", context, status=403)
    views = ViewMenu(request, record_type)
    shown = RecordList(record_type, views.params, request.actor)
    context |= {"list": shown, "views": views.compared_with(shown.state), **_parts(shown)}
    status = 400 if shown.problem else 200
    if not (request.htmx and request.htmx.target == "records"):
        return render(request, "records/list.html", context, status=status)
    response = render(request, "records/list.html#records", context, status=status)
    # A form sends its empty fields too; the address people share says only what is chosen.
    response.headers["HX-Push-Url"] = shown.address
    return response


def _parts(shown: RecordList) -> dict[str, Any]:
    """Return the layout the rows are shown in."""
    if shown.state.layout == "board" and shown.group_fields:
        return {"board": Board(shown)}
    return {"grouped": GroupedList.of(shown)}


@login_required
@require_GET
def record_panel(request: Request, record_type: RecordType, panel: str) -> HttpResponse:
    """Answer what the list is sorted by, or which columns it shows, to be changed."""
    return _panel(request, record_type, panel, PANELS[panel])


@login_required
@require_GET
def record_quick(request: Request, record_type: RecordType, quick: str) -> HttpResponse:
    """Answer what a quick filter of the list offers."""
    return _panel(request, record_type, "quick", partial(QuickPanel.of, name=quick))


def _panel(
    request: Request, record_type: RecordType, name: str, build: Callable[[ListState], Any]
) -> HttpResponse:
    """Answer what changes a list: to htmx alone, else as a page of its own."""
    authorize(request.actor, record_type.permission("view"))
    state = ListState(record_type, request.GET, request.actor)
    context = {"type": record_type, "state": state, "breadcrumb": [crumb(record_type)]}
    context[name] = build(state)
    template = "records/list_panel.html"
    return render(request, f"{template}#panel" if request.htmx else template, context)


@login_required
@require_GET
def record_filter(request: Request, record_type: RecordType) -> HttpResponse:
    """Answer the form of a condition: which field, what is asked of it, the values."""
    authorize(request.actor, record_type.permission("view"))
    editor = editor_of(record_type, request.GET, request.actor)
    context = {"type": record_type, "editor": editor, "breadcrumb": [crumb(record_type)]}
    template = "records/filter_page.html"
    return render(request, f"{template}#editor" if request.htmx else template, context)


def crumb(record_type: RecordType) -> dict[str, Any]:
    """Return the way back to the list."""
    return {"label": record_type.menu.plural, "url": reverse(record_type.url_name("list"))}
