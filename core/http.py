"""What a request looks like after our middleware has run."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from core.actors import Actor
from core.isolation.scope import Workspace

type GetResponse = Callable[[HttpRequest], HttpResponse]


class Request(HttpRequest):
    """A request after our middleware has run: somebody is acting, perhaps through htmx."""

    actor: Actor
    htmx: HtmxDetails
    workspace: Workspace
