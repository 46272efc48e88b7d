"""How often one key or session may call."""

from typing import Any

from django.conf import settings
from django.core.cache import caches
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class CallerThrottle(SimpleRateThrottle):
    """Counts the calls of one key, or of one member's browser; answers 429 with Retry-After."""

    scope = "caller"
    cache = caches["throttle"]

    def __init__(self) -> None:
        self.rate = settings.API_RATE
        super().__init__()

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        actor = request._request.actor
        return f"throttle:{actor.id}" if actor.id else None
