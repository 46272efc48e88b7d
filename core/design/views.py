"""The page that shows every component in every state; for builders only, never in production."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from core import error_pages
from core.design import samples
from core.design.forms import SampleForm
from core.toasts import toast

ERROR_PAGES: dict[str, Callable[..., HttpResponse]] = {
    "not-found": error_pages.not_found,
    "forbidden": error_pages.forbidden,
    "bad-request": error_pages.bad_request,
    "server-error": error_pages.broken,
    "too-many-requests": error_pages.too_many_requests,
    "csrf-failure": error_pages.csrf_failure,
    "unknown-host": error_pages.unknown_host,
}
FRAMES = ("shell", "sign-up", "log-in")
type View = Callable[..., HttpResponse]


def for_builders(view: View) -> View:
    """Hide the view unless development pages are on; ?language= picks the language."""

    @wraps(view)
    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if not settings.DEVELOPMENT_PAGES:
            raise Http404
        with translation.override(request.GET.get("language") or translation.get_language()):
            return view(request, **arguments)

    return guarded


@for_builders
def component_page(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    wrong = SampleForm({"name": "", "email": "kelvin", "stage": "lead", "slug": "a"})
    context = _frame(request, "c") | {
        "rows": samples.rows(),
        "page": Paginator(range(1284), 20).page(2),
        "form": SampleForm(),
        "wrong_form": wrong,
        "steps": ["Upload", "Map", "Check", "Run", "Result"],
        "tabs": [
            {"label": "Timeline", "url": "#", "current": True, "count": 48},
            {"label": "E-mails", "url": "#", "count": 21},
            {"label": "Files", "url": "#", "count": 0},
        ],
    }
    if request.GET.get("toasts"):
        toast(request, "Halden Instruments was moved to the bin.", undo_url=request.path)
        toast(request, "The address could not be saved.", level=messages.ERROR)
    return render(request, "design/components.html", context)


@for_builders
def frame(request: HttpRequest, *, name: str) -> HttpResponse:
    """Show one of the layouts with a typical page in it."""
    if name not in FRAMES:
        raise Http404
    context = _frame(request, "") | {"form": SampleForm()}
    return render(request, f"design/frames/{name}.html", context)


@for_builders
def search_results(request: HttpRequest) -> HttpResponse:
    """Answer the sample command menu."""
    query = request.GET.get("q", "").lower()
    found = [row for row in samples.rows() if query in f"{row['name']} {row['company']}".lower()]
    return render(request, "design/search.html", {"rows": found})


@for_builders
def address_check(request: HttpRequest) -> HttpResponse:
    """Answer the sample live check."""
    return render(request, "design/check.html", {"slug": request.GET.get("slug", "")})


@for_builders
def progress(request: HttpRequest) -> HttpResponse:
    """Answer the sample progress bar, one step further each time."""
    value = min(int(request.GET.get("value", 0)) + 7, 100)
    return render(request, "design/progress.html", {"value": value})


@for_builders
def error_page(request: HttpRequest, *, name: str) -> HttpResponse:
    """Show one of the error pages."""
    if name not in ERROR_PAGES:
        raise Http404
    return ERROR_PAGES[name](request)


def _frame(request: HttpRequest, current: str) -> dict[str, Any]:
    address = reverse("design:components")
    return {
        "shell": samples.shell(
            request.GET.get("theme", "system"), request.GET.get("sidebar", "open"), address
        ),
        "navigation": samples.navigation(address, current),
        "new_actions": [
            {"label": "New contact", "url": f"{address}#new", "icon": "user-plus"},
            {"label": "New company", "url": f"{address}#new", "icon": "building-2"},
        ],
        "breadcrumb": [
            {"label": "Design", "url": address},
            {"label": "Components", "url": address},
        ],
        "page_actions": [{"label": "Log a call", "url": f"{address}#call", "icon": "phone"}],
        "page_actions_label": "Nordhavn Process Systems A/S",
        "recent_records": [
            {"title": row["name"], "url": address, "icon": "users", "more": row["company"]}
            for row in samples.rows()[:3]
        ],
    }
