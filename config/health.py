"""Whether this process is alive, and whether it can serve: for load balancers and people on call."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from compliance.encryption.errors import KeyUnavailable
from compliance.encryption.health import unreadable_workspaces


@login_not_required
@require_GET
def live(request: HttpRequest) -> JsonResponse:
    """Answer without asking anybody: the process runs."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_GET
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and every workspace's keys open, else 503 saying which does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    try:
        unreadable = len(unreadable_workspaces())
    except KeyUnavailable:
        return JsonResponse({"status": "unavailable", "vault": "unreachable"}, status=503)
    if unreadable:
        return JsonResponse(
            {"status": "unavailable", "unreadable_workspaces": unreadable}, status=503
        )
    return JsonResponse({"status": "ok"})
