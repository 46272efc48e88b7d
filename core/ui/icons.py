"""The Lucide icons the product uses, as the front-end build collected them."""

import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

HIDDEN = mark_safe('aria-hidden="true"')
MISSING = "static/icons.json is missing: run `npm run build` in frontend/."


@cache
def load_icons() -> dict[str, str]:
    """Return {name: inner SVG}; ImproperlyConfigured when the front end was never built."""
    found = finders.find("icons.json")
    if not found:
        raise ImproperlyConfigured(MISSING)
    icons: dict[str, str] = json.loads(Path(found).read_text())
    return icons


def render_icon(name: str, *, classes: str, label: str) -> SafeString:
    """Return the icon as inline SVG: named for screen readers when labelled, else hidden from them."""
    if not label:
        return _decoration(name, classes)
    return _drawn(name, classes, format_html('role="img" aria-label="{}"', label))


@cache
def _decoration(name: str, classes: str) -> SafeString:
    return _drawn(name, classes, HIDDEN)


def _drawn(name: str, classes: str, meaning: SafeString) -> SafeString:
    icons = load_icons()
    if name not in icons:
        raise LookupError(f'No icon "{name}": name it in a template or in Python, then rebuild.')
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        classes,
        meaning,
        mark_safe(icons[name]),  # noqa: S308 - from our own build, never from a person
    )
