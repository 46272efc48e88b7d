"""The language switch of people who are not logged in, and the outbox."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core import outbox
from core.http import Request, is_own_address


@login_not_required
@require_POST
def language(request: Request) -> HttpResponse:
    """Remember a language in a cookie and go back."""
    chosen = request.POST.get("language", "")
    response = redirect(safe_next(request))
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            secure=True,
            httponly=True,
            samesite="Lax",
        )
    return response


def safe_next(request: Request) -> str:
    """Return where the form wants to go back to, if that is on this host."""
    target = request.POST.get("next", "/")
    return target if is_own_address(target, request) else "/"


@require_GET
def outbox_list(request: Request) -> HttpResponse:
    _refuse_in_production()
    return render(request, "outbox/list.html", {"kept": outbox.latest()})


@require_GET
def outbox_message(request: Request, message_id: str) -> HttpResponse:
    _refuse_in_production()
    message = outbox.find(message_id)
    if message is None:
        raise Http404
    return render(request, "outbox/message.html", {"message": message})


def _refuse_in_production() -> None:
    if not settings.DEVELOPMENT_PAGES:
        raise Http404
