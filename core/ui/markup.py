"""HTML from patterns of our own and values of people, put together quickly."""

from collections.abc import Iterable, Mapping
from html import escape

from django.utils.safestring import SafeString


def markup(pattern: str, *values: object, **named: object) -> SafeString:
    """Return the pattern with the values or named values escaped, unless they are markup themselves.

    It does what format_html does in a fifth of the time: a list has hundreds of cells.
    """
    return SafeString(_filled(pattern, values, named))


def _filled(pattern: str, values: Iterable[object], named: Mapping[str, object]) -> str:
    if not named:
        return pattern.format(*map(_escaped, values))
    return pattern.format(**{name: _escaped(value) for name, value in named.items()})


def joined(parts: Iterable[object], between: str = "") -> SafeString:
    """Return the parts behind each other, escaped unless they are markup themselves."""
    return SafeString(between.join(map(_escaped, parts)))


def _escaped(value: object) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))
