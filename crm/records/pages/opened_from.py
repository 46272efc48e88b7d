"""Which list a record was opened from, as its address says it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from core.http import Request

PARAMETER = "list"
# What is said of a list that is nothing but itself.
PLAIN = "all"


def said_of(params: Mapping[str, str], **more: str) -> str:
    """Return what the address of a record says of a list with these parameters, and what else it says."""
    return urlencode({**more, PARAMETER: urlencode(params) or PLAIN})


def place_of(record: Any, request: Request, **params: str) -> str:
    """Return the record's address, still knowing the list it was opened from.

    The form that was sent stands on a page of the record: its own address says the list, or that
    of the page it was sent from.
    """
    home = record.get_absolute_url()
    sent_from = urlsplit(request.headers.get("Referer", ""))
    said = parse_qs(sent_from.query).get(PARAMETER, [""]) if sent_from.path == home else [""]
    params[PARAMETER] = request.GET.get(PARAMETER, "") or said[0]
    known = {name: value for name, value in params.items() if value}
    return f"{home}?{urlencode(known)}" if known else str(home)
