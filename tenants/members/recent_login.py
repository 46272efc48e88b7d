"""Asking once more who it is, before something dangerous."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.messages import INFO
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from core.errors import OperationError
from core.http import Request
from core.toasts import toast
from tenants.members.mailed_proof import MAIL

# Names that allauth gives ways to log in: by password, and by second factor or passkey.
STRONG_METHODS = ("password", "mfa")
READING = ("GET", "HEAD", "OPTIONS")
# What was typed into a form waits in the session while its sender says who they are.
TYPED, KEPT_SECONDS = "typed_before_proof", 600


class RecentLoginNeeded(OperationError):
    code = "recent_login_needed"
    message = _("Sign in again first: this needs a sign-in of the last ten minutes.")
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
    return _guarded(view)


def recent_login_to_save[View: Callable[..., Any]](view: View) -> View:
    """Ask the same where a page may be read by whoever is logged in, and only saving it is dangerous.

    `typed` has what was sent again afterwards, except a secret.
    """
    return _guarded(view, READING, is_kept=True)


def recent_login_to_send[View: Callable[..., Any]](
    page: str, *names: str
) -> Callable[[View], View]:
    """Ask the same where a form of another page is sent to an address that shows nothing by itself.

    Whoever comes back from saying who they are, or opens that address, is led to the page, which
    takes these of the address's arguments.
    """

    def decorate(view: View) -> View:
        asked = _guarded(view)

        @wraps(view)
        @require_http_methods(["GET", "POST"])
        def sent(request: Request, **kwargs: Any) -> Any:
            if request.method == "GET":
                return redirect(page, **{name: kwargs[name] for name in names})
            return asked(request, **kwargs)

        return sent  # type: ignore[return-value]

    return decorate


def typed(request: Request) -> QueryDict | None:
    """Return what a form is filled in with: what was sent, now or before somebody said who they are."""
    if request.method == "POST":
        return request.POST or None
    kept = request.session.get(TYPED)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[TYPED]
    if time.time() - kept["at"] > KEPT_SECONDS:
        return None
    message = gettext("Nothing is saved yet. What you entered is here again.")
    if kept["lacks_secret"]:
        message = gettext("Nothing is saved yet. Enter the secret again; the rest is here.")
    toast(request, message, level=INFO)
    return QueryDict(kept["said"])


def _guarded[View: Callable[..., Any]](
    view: View, free: tuple[str, ...] = (), *, is_kept: bool = False
) -> View:
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> Any:
        if request.method in free or _is_proven(request):
            return view(request, *args, **kwargs)
        if is_kept:
            _keep(request)
        ways = get_adapter().get_reauthentication_methods(request.user)
        place = f"{ways[0]['url']}?{urlencode({'next': request.get_full_path()})}"
        return HttpResponseClientRedirect(place) if request.htmx else redirect(place)

    return guarded  # type: ignore[return-value]


def _is_proven(request: Request) -> bool:
    """Return whether they said who they are a moment ago: as they logged in, or when asked again."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    recent = [each for each in records if each["at"] > since]
    if any(each.get("reauthenticated") or each["method"] in STRONG_METHODS for each in recent):
        return True
    # A provider may have let in whoever sits there without asking, and a code proves a mailbox only.
    is_by_code = any(each["method"] == "code" for each in recent)
    return is_by_code and has_only_mail(request.user)


def has_only_mail(user: Any) -> bool:
    """Return whether a mailed code is all that a member can prove themselves by."""
    ways = get_adapter().get_reauthentication_methods(user)
    return [each["id"] for each in ways] == [MAIL]


def _keep(request: Request) -> None:
    said = request.POST.copy()
    said.pop("csrfmiddlewaretoken", None)
    # Sessions are stored as they are.
    secret = said.pop("secret", [""])
    request.session[TYPED] = {
        "path": request.path,
        "said": said.urlencode(),
        "lacks_secret": any(secret),
        "at": time.time(),
    }
