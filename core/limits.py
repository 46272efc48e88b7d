"""How often one browser's address, or one person's e-mail, may ask for the same thing."""

from allauth.core import ratelimit
from django.utils.translation import gettext_lazy as _

from core.errors import OperationError
from core.http import Request


class TooManyRequests(OperationError):
    code = "too_many_requests"
    message = _("That was too often. Wait a while, then try again.")
    status = 429


def refuse_flood(request: Request, action: str, *, key: str = "") -> None:
    """Count the request; raise TooManyRequests past the limit that ACCOUNT_RATE_LIMITS sets."""
    if not ratelimit.consume(request, action=action, key=key or None):
        raise TooManyRequests
