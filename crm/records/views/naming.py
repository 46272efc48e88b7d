"""Records a form names that are not there yet: made on the way, when the person asks for it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse

from core.access import authorize
from core.http import Request
from core.records.registry import record_type_named

CREATES = "creates"
MOST = 5
REFUSED = 400

type View = Callable[..., HttpResponse]


def makes_what_it_names(view: View) -> View:
    """Make the records the sent form asks for before it is read; none of them when it is refused."""

    @wraps(view)
    def run(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.POST.getlist(CREATES)[:MOST] if request.method == "POST" else []
        if not wanted:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            for each in dict.fromkeys(wanted):
                _make(each, request)
            response = view(request, *args, **kwargs)
            if response.status_code >= REFUSED:
                transaction.set_rollback(True)
        return response

    return run


def _make(wanted: str, request: Request) -> None:
    """Make one record, said as type and name: company:Initech. What cannot be made stays unknown."""
    kind, _colon, name = wanted.partition(":")
    record_type = record_type_named(kind)
    named_by: tuple[str, ...] = getattr(record_type and record_type.model, "named_by", ())
    if record_type is None or not named_by:
        return
    authorize(request.actor, record_type.add_permission)
    try:
        record_type.operations.create(actor=request.actor, **{named_by[0]: name})
    except ValidationError:
        return
