"""What every page of a workspace shows around its content: navigation, actions, the workspace itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.isolation.scope import Workspace, current_scope


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the layout's variables; on the public host only what that layout uses."""
    shared = {"public_url": settings.PUBLIC_URL, "has_outbox": settings.DEVELOPMENT_PAGES}
    if not isinstance(current_scope(), Workspace):
        return shared
    return {**shared, "workspace": getattr(request, "workspace", None)}
