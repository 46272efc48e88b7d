"""Parts of pages that are the same for everybody who is shown the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# A few for each set of rights and each place of the menus.
MOST = 300


@dataclass(frozen=True, slots=True)
class _Question:
    """What a fragment is drawn from. Two with equal values are one, whoever asks, in whatever workspace."""

    template: str
    language: str | None
    said: Any
    values: Mapping[str, Any] = field(compare=False)


def fragment(template: str, values: Mapping[str, Any]) -> SafeString:
    """Return a template's markup for these values in the reader's language, drawn once for all who see the same.

    The template gets nothing else, neither a request nor what context processors add: what it
    shows is what the values say. Nothing personal belongs among them, because it would be kept.
    """
    return _drawn(_Question(template, get_language(), _said(values), values))


@lru_cache(maxsize=MOST)
def _drawn(question: _Question) -> SafeString:
    return render_to_string(question.template, dict(question.values))


def _said(value: Any) -> Any:
    """Return the value as something that can be compared and hashed."""
    if isinstance(value, Mapping):
        return tuple((name, _said(each)) for name, each in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_said, value))
    return str(value) if isinstance(value, Promise) else value
