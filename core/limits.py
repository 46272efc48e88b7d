"""How often one browser's address may ask for the same thing, and how much may be brought at once.

What a plan allows, billing says when it loads.
"""

from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from django.utils.translation import gettext_lazy as _

from core.errors import OperationError
from core.http import Request

# What the product takes at once, whatever the plan.
ALLOWANCES = {"import_bytes": 2 * 2**30, "import_rows": 1_000_000}
# Nobody who is not logged in brings more than a form.
STRANGERS_BYTES = 2**20

type Allowed = Callable[[str], int | None]
_allowed: list[Allowed] = []


def allow_by(allowed: Allowed) -> Allowed:
    """Have the function say how much of something the bound workspace's plan allows; None is any."""
    _allowed[:] = [allowed]
    return allowed


def allowance(name: str) -> int:
    """Return how much of this the bound workspace may bring at once, by its plan and at most."""
    planned = _allowed[0](name) if _allowed else None
    return ALLOWANCES[name] if planned is None else min(planned, ALLOWANCES[name])


def upload_limit(request: Any) -> int:
    """Return how many bytes this request may bring."""
    actor = getattr(request, "actor", None)
    is_known = actor is not None and actor.user_id is not None
    return ALLOWANCES["import_bytes"] if is_known else STRANGERS_BYTES


class TooManyRequests(OperationError):
    code = "too_many_requests"
    message = _("That was too often. Wait a while, then try again.")
    status = 429


def refuse_flood(request: Request, action: str, *, key: str = "") -> None:
    """Count the request; raise TooManyRequests past the limit that ACCOUNT_RATE_LIMITS sets."""
    if not ratelimit.consume(request, action=action, key=key or None):
        raise TooManyRequests
