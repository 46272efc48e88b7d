"""Asking once more who it is, before something dangerous."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from core.errors import OperationError
from core.http import Request

READING = ("GET", "HEAD", "OPTIONS")


class RecentLoginNeeded(OperationError):
    code = "recent_login_needed"
    message = _("Sign in again first: this needs a log-in of the last ten minutes.")
    status = 403


def refuse_stale_login(request: Any) -> None:
    """Refuse a program that uses a browser's session to do something dangerous long after its log-in."""
    if not _is_proven(request):
        raise RecentLoginNeeded


def recent_login_required[View: Callable[..., Any]](view: View) -> View:
    """Let a page through only to those who said who they are in the last ten minutes.

    The others are asked for their password or second factor, and come back to the page. It guards
    reading too, so that nobody fills in a form for nothing; what was sent is not kept.
    """
    return _guarded(view, READING[:0])


def recent_login_to_write[View: Callable[..., Any]](view: View) -> View:
    """Ask the same where a page may be read by whoever is logged in, and only sending it is dangerous."""
    return _guarded(view, READING)


def _guarded[View: Callable[..., Any]](view: View, free: tuple[str, ...]) -> View:
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> Any:
        if request.method in free or _is_proven(request):
            return view(request, *args, **kwargs)
        ways = get_adapter().get_reauthentication_methods(request.user)
        # Nothing to ask for: somebody who came in by a link alone, and has neither password nor provider.
        if not ways:
            return view(request, *args, **kwargs)
        place = f"{ways[0]['url']}?{urlencode({'next': request.get_full_path()})}"
        return HttpResponseClientRedirect(place) if request.htmx else redirect(place)

    return guarded  # type: ignore[return-value]


def _is_proven(request: Request) -> bool:
    """Return whether they said who they are a moment ago, in any of the ways they have."""
    records = get_authentication_records(request, request.user)
    times = [each["at"] for each in records if each.get("reauthenticated")]
    return bool(times) and time.time() - times[-1] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
