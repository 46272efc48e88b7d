"""Which workspace a request belongs to; everything after this runs inside it."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import set_urlconf

from core.http import GetResponse
from core.isolation.scope import bind_workspace, control_plane
from tenants.directory import is_public_host, workspace_of_host


class WorkspaceMiddleware:
    """Bind the request to the workspace of its host, in one transaction around all that follows.

    The transaction includes sessions and log-in. An answer of 500 takes back what was written.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().partition(":")[0].lower()
        if is_public_host(host):
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            with control_plane("serve the public host"):
                return self._answer(request)
        workspace = workspace_of_host(host)
        if workspace is None:
            return self._unknown_host(request)
        request.workspace = workspace  # type: ignore[attr-defined]
        with bind_workspace(workspace):
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response

    def _unknown_host(self, request: HttpRequest) -> HttpResponse:
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(settings.PUBLIC_SCHEMA_URLCONF)
        return render(request, "errors/unknown_host.html", status=404)
