"""How big files, functions and what browsers load may become. Also run on its own by `make check`."""

import gzip
import sys
from collections.abc import Iterator

from tests.architecture.reading import BASE, Function, files, functions, text_of

FILE_LINES = 400
FUNCTION_LINES = 30
# A walk through the product is told in one piece.
WALK_LINES = 60
# What a browser fetches once, compressed: a page must open quickly over a slow line.
STATIC_KILOBYTES = {
    "static/app.css": 40,
    "static/app.js": 40,
    "static/editor.js": 25,
    "static/sortable.js": 20,
}
# Written by tools, read by tools.
GENERATED = ("/migrations/", "locale/", "uv.lock", "package-lock.json", "api/openapi.yaml")
SOURCES = (".py", ".html", ".css", ".js", ".sh", ".toml", ".yaml", ".md", ".txt")


def problems() -> Iterator[str]:
    """Yield a sentence for everything that has grown too big."""
    for name in files(*SOURCES):
        if not any(part in name for part in GENERATED):
            yield from _too_long(name)
    for name, kilobytes in STATIC_KILOBYTES.items():
        yield from _too_heavy(name, kilobytes)


def _too_long(name: str) -> Iterator[str]:
    lines = len(text_of(name).splitlines())
    if lines > FILE_LINES:
        yield f"{name} has {lines} lines; {FILE_LINES} are allowed."
    if name.endswith(".py"):
        allowed = WALK_LINES if name.startswith("tests/browser/") else FUNCTION_LINES
        for function in functions(name):
            if (length := _length(function)) > allowed:
                yield f"{name}: {function.name} has {length} lines; {allowed} are allowed."


def _length(function: Function) -> int:
    """Return the lines of the body without its docstring."""
    first, *rest = function.body
    start = rest[0] if rest and _is_docstring(first) else first
    return (function.end_lineno or 0) - start.lineno + 1


def _is_docstring(statement: object) -> bool:
    return isinstance(getattr(getattr(statement, "value", None), "value", None), str)


def _too_heavy(name: str, kilobytes: int) -> Iterator[str]:
    path = BASE / name
    if not path.exists():
        yield f"{name} is not built; `make setup` builds it."
    elif (size := len(gzip.compress(path.read_bytes())) / 1024) > kilobytes:
        yield f"{name} weighs {size:.0f} kB compressed; {kilobytes} are allowed."


if __name__ == "__main__":
    sys.exit("\n".join(problems()) or 0)
