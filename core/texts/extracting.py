"""Finds every text for translation in Python code and templates, without gettext's own tools."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

# What each function's arguments are: the text's, the plural's, and the context's place.
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
FOLDERS = (
    "api",
    "billing",
    "compliance",
    "config",
    "core",
    "crm",
    "plugins",
    "templates",
    "tenants",
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as the code has it; `plural` and `context` are empty where there is none."""

    singular: str
    plural: str
    context: str
    path: str


def extract_texts(base: Path) -> Iterator[Text]:
    """Yield the texts of all files, in the order of paths and of appearance."""
    for folder in FOLDERS:
        for path in sorted((base / folder).rglob("*")):
            if path.suffix in SOURCES and "migrations" not in path.parts:
                yield from _texts_of(path, path.relative_to(base).as_posix())


def _texts_of(path: Path, name: str) -> Iterator[Text]:
    source = SOURCES[path.suffix](path.read_text(encoding="utf-8"), name)
    found = extract("python", io.BytesIO(source.encode()), KEYWORDS)
    for _line, message, _comments, context in found:
        singular, plural = (message, "") if isinstance(message, str) else message[:2]
        yield Text(singular, plural, context or "", name)


def _python(source: str, _name: str) -> str:
    return source


def _template(source: str, name: str) -> str:
    # What Django makes of a template looks like Python, except that its lines are indented at will.
    return "\n".join(line.strip() for line in templatize(source, origin=name).splitlines())


SOURCES = {".py": _python, ".html": _template, ".txt": _template}
