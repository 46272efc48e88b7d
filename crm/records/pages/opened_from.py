"""Which list a record was opened from, as its address says it."""

from collections.abc import Mapping
from urllib.parse import urlencode

PARAMETER = "list"
# What is said of a list that is nothing but itself.
PLAIN = "all"


def said_of(params: Mapping[str, str]) -> str:
    """Return what the address of a record says of a list with these parameters."""
    return urlencode({PARAMETER: urlencode(params) or PLAIN})
