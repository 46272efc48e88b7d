"""What a request looks like after our middleware has run."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from core.actors import Actor
from core.isolation.scope import Workspace

type GetResponse = Callable[[HttpRequest], HttpResponse]


class Request(HttpRequest):
    """A request after our middleware has run: somebody is acting, perhaps through htmx."""

    actor: Actor
    htmx: HtmxDetails
    workspace: Workspace


def is_own_address(address: str, request: HttpRequest) -> bool:
    """Return whether a browser that is sent to the address stays on the host it is on.

    That of another workspace is somebody else's.
    """
    begins_well = address.startswith(("/", "http://", "https://")) and address[:2] != "//"
    return begins_well and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
