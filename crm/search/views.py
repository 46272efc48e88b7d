"""The search page; the command menu asks the same address and gets the findings alone."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.http import Request
from core.records.finding import find_everywhere
from crm.bookmarks.reading import recents

ON_PAGE = 20


@require_GET
def search(request: Request) -> HttpResponse:
    query = request.GET.get("q", "")[:100]
    if request.htmx and not query.strip():
        return render(request, "search/recents.html", {"recents": recents(request.actor)})
    if request.htmx:
        groups = find_everywhere(query, actor=request.actor)
        return render(request, "search/results.html", {"groups": groups, "query": query})
    groups = find_everywhere(query, actor=request.actor, shown=ON_PAGE)
    context = {
        "groups": groups,
        "query": query,
        "breadcrumb": [{"label": _("Search"), "url": ""}],
    }
    return render(request, "search/page.html", context)
