"""Saved views in the API's lists: `view=<id>` stands for the view's own parameters."""

from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from core.actors import Actor
from core.records.registry import RecordType
from crm.views.models import SavedView
from crm.views.queries import kept

VIEW = "view"
# Lists call it by the name people read in their addresses.
NAMES = {"sort": "ordering"}


def open_view(request: Request, record_type: RecordType, actor: Actor) -> None:
    """Put the parameters of the view an address names beside its own, which come first."""
    wanted = request.query_params.get(VIEW)
    if not wanted:
        return
    view = _view(wanted, record_type, actor)
    if view is None:
        raise NotFound(_("There is no such view."))
    said = QueryDict(mutable=True)
    for name, value in kept(view.query).items():
        said[NAMES.get(name, name)] = value
    for name, values in request.query_params.lists():
        said.setlist(name, values)
    inner: Any = request._request
    inner.GET = said


def _view(wanted: str, record_type: RecordType, actor: Actor) -> SavedView | None:
    try:
        pk = UUID(wanted)
    except ValueError:
        return None
    rows = SavedView.objects.visible_to(actor).filter(record_type=record_type.name)
    return rows.filter(pk=pk).first()
