"""Browsers in words people know: what a session list shows instead of a user agent."""

from django.utils.translation import gettext as _
from ua_parser import parse


def browser_name(user_agent: str) -> str:
    """Return "Firefox, Windows"; what is not known is left out."""
    found = parse(user_agent)
    names = [part.family for part in (found.user_agent, found.os) if part]
    return ", ".join(names) or str(_("Unknown browser"))
