"""What every page shows around its content: navigation, actions, the workspace, the member."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from core.http import Request
from core.isolation.scope import Workspace, current_scope
from core.prepared import Prepared, ask_together
from core.records.menu import Entry, navigation, new_actions

ANSWERS = "_shell_answers"
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class ShellPart:
    """Something personal that every page shows.

    `asked` takes the member's id as often as `times` says; `shown` makes of the answer what
    layouts show. All parts are asked in one round trip, and only where one of them is shown.
    """

    asked: Prepared[Any]
    shown: Callable[[Request, list[Any]], Any]
    times: int = 1


_parts: dict[str, ShellPart] = {}


def add_shell_part(name: str, part: ShellPart) -> None:
    """Have layouts know what the part shows under this name."""
    _parts[name] = part


def shell_rows(request: Request, name: str) -> list[Any]:
    """Return what the database answered for a part; asked once for a page."""
    if not hasattr(request, ANSWERS):
        member = request.actor.user_id or NOBODY
        questions = [(part.asked, [member] * part.times) for part in _parts.values()]
        setattr(request, ANSWERS, dict(zip(_parts, ask_together(questions), strict=True)))
    answers: dict[str, list[Any]] = getattr(request, ANSWERS)
    return answers[name]


def _shown(request: Request, name: str) -> Any:
    return _parts[name].shown(request, shell_rows(request, name))


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the layouts' variables; before log-in only what those pages use."""
    if not isinstance(current_scope(), Workspace):
        return _public()
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shell": _entrance(request)}
    return {
        "shell": {**_entrance(request), **_member(user), "is_home": request.path == "/"},
        "navigation": _groups(navigation(request)),  # type: ignore[arg-type]
        "new_actions": new_actions(request),  # type: ignore[arg-type]
        **{name: partial(_shown, request, name) for name in _parts},  # type: ignore[arg-type]
    }


def _public() -> dict[str, Any]:
    urls = settings.PUBLIC_SCHEMA_URLCONF
    return {
        "shell": {
            "home_url": reverse("signup:start", urlconf=urls),
            "language_url": reverse("language", urlconf=urls),
        },
        "has_outbox": settings.DEVELOPMENT_PAGES,
    }


def _entrance(request: HttpRequest) -> dict[str, Any]:
    workspace = getattr(request, "workspace", None)
    return {
        "workspace_name": workspace.name if workspace else "",
        "language_url": reverse("language"),
        "home_url": "/",
        "workspaces_url": settings.PUBLIC_URL
        + reverse("signup:find", urlconf=settings.PUBLIC_SCHEMA_URLCONF),
    }


def _member(user: Any) -> dict[str, Any]:
    return {
        "member_name": user.name,
        "member_email": user.email,
        "member_photo": user.photo_url,
        "theme": user.theme,
        "sidebar": "collapsed" if user.is_sidebar_collapsed else "open",
        "shortcuts": user.has_shortcuts,
        "preferences_url": reverse("members:preferences"),
        "profile_url": reverse("members:profile"),
        "logout_url": reverse("account_logout"),
        "settings_url": reverse("members:settings"),
        "search_url": reverse("search"),
        "notifications_url": reverse("notifications:list"),
    }


def _groups(entries: list[Entry]) -> list[dict[str, Any]]:
    """Return the entries as the sidebar shows them: under the headings of their areas."""
    groups = groupby(entries, key=lambda entry: str(entry.group))
    return [
        {"label": label, "items": [_place(entry) for entry in items]} for label, items in groups
    ]


def _place(entry: Entry) -> dict[str, Any]:
    return {
        "label": entry.label,
        "url": entry.url,
        "icon": entry.icon,
        "current": entry.is_current,
        "key": entry.key,
    }
