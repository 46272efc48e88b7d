"""What people do to saved views in a browser; each ends in the list the view shows."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.http import Request
from core.records.registry import record_type_named
from core.toasts import toast
from crm.views.models import SavedView
from crm.views.operations import (
    create_view,
    delete_view,
    pin_view,
    set_default_view,
    share_view,
    unpin_view,
    update_view,
)

type Change = Callable[..., Any]


@require_POST
def view_new(request: Request) -> HttpResponse:
    said = request.POST
    try:
        view = create_view(
            actor=request.actor,
            record_type=said.get("record_type", ""),
            name=said.get("name", ""),
            query=said.get("query", ""),
            is_shared=bool(said.get("is_shared")),
        )
    except ValidationError as refusal:
        return _refused(request, refusal, said.get("record_type", ""), said.get("query", ""))
    toast(request, _("The view was saved."))
    return redirect(address_of_view(view))


@require_http_methods(["GET", "POST"])
def view_change(request: Request, pk: UUID) -> HttpResponse:
    """Open the view; or do to it what the form's button says."""
    view = get_object_or_404(SavedView.objects.visible_to(request.actor), pk=pk)
    if request.method == "GET":
        return redirect(address_of_view(view))
    change = CHANGES.get(request.POST.get("action", ""))
    if change is None:
        raise Http404
    try:
        changed = change(view, request.POST, actor=request.actor)
    except ValidationError as refusal:
        return _refused(request, refusal, view.record_type, f"view={view.pk}")
    return redirect(_home(view.record_type) if changed is None else address_of_view(changed))


def address_of_view(view: SavedView) -> str:
    """Return where the view's list is."""
    return f"{_home(view.record_type)}?view={view.pk}"


def _home(record_type: str) -> str:
    kind = record_type_named(record_type)
    if kind is None:
        raise Http404
    return reverse(kind.url_name("list"))


def _refused(
    request: Request, refusal: ValidationError, record_type: str, query: str
) -> HttpResponse:
    """Say what is wrong on the list somebody came from."""
    toast(request, " ".join(refusal.messages), level=messages.ERROR)
    return redirect(f"{_home(record_type)}?{query.removeprefix('?')}")


def _save(view: SavedView, said: Mapping[str, str], *, actor: Any) -> SavedView:
    return update_view(view, actor=actor, changes={"query": said.get("query", "")})


def _rename(view: SavedView, said: Mapping[str, str], *, actor: Any) -> SavedView:
    return update_view(view, actor=actor, changes={"name": said.get("name", "")})


def _duplicate(view: SavedView, said: Mapping[str, str], *, actor: Any) -> SavedView:
    name = _("Copy of %(name)s") % {"name": view.name}
    return create_view(actor=actor, record_type=view.record_type, name=name[:80], query=view.query)


def _share(view: SavedView, said: Mapping[str, str], *, actor: Any, is_shared: bool) -> SavedView:
    return share_view(view, actor=actor, is_shared=is_shared)


def _open_first(
    view: SavedView, said: Mapping[str, str], *, actor: Any, is_default: bool
) -> SavedView:
    return set_default_view(view, actor=actor, is_default=is_default)


def _pin(view: SavedView, said: Mapping[str, str], *, actor: Any) -> SavedView:
    pin_view(view, actor=actor)
    return view


def _unpin(view: SavedView, said: Mapping[str, str], *, actor: Any) -> SavedView:
    unpin_view(view, actor=actor)
    return view


def _delete(view: SavedView, said: Mapping[str, str], *, actor: Any) -> None:
    delete_view(view, actor=actor)


CHANGES: Mapping[str, Change] = {
    "save": _save,
    "rename": _rename,
    "duplicate": _duplicate,
    "share": partial(_share, is_shared=True),
    "unshare": partial(_share, is_shared=False),
    "default": partial(_open_first, is_default=True),
    "undefault": partial(_open_first, is_default=False),
    "pin": _pin,
    "unpin": _unpin,
    "delete": _delete,
}
