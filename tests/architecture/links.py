"""Whether what the documents point at exists. Also run on its own by `make check`."""

import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.reading import BASE, files, text_of

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# In code spans: a path with a folder, as `core/access.py`, or `tests/`.
NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")
OUTSIDE = ("http://", "https://", "mailto:", "#")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FOLDERS = ("api/", "benchmarks/", "bin/", "compliance/", "config/", "core/", "crm/", "docs/", "frontend/", "infra/",
           "locale/", "plugins/", "templates/", "tenants/", "tests/")  # fmt: skip


def documents() -> tuple[str, ...]:
    return tuple(name for name in files(".md") if not name.startswith("benchmarks/"))


def problems() -> Iterator[str]:
    """Yield a sentence for every link or named path that leads nowhere."""
    for name in documents():
        text = text_of(name)
        for target in LINK.findall(text):
            if not target.startswith(OUTSIDE) and not _leads_somewhere(name, target):
                yield f"{name}: {target} does not exist."
        for path in NAMED.findall(text):
            if path.startswith(FOLDERS) and not (BASE / path).exists():
                yield f"{name}: {path} is named, but does not exist."


def _leads_somewhere(name: str, target: str) -> bool:
    path, _, anchor = target.partition("#")
    found = (BASE / PurePosixPath(name).parent / path).resolve()
    if not found.exists():
        return False
    return not anchor or anchor in _anchors(found.read_text(encoding="utf-8"))


def _anchors(text: str) -> set[str]:
    """Return the anchors a document's headings get when it is shown."""
    headings = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in headings}


if __name__ == "__main__":
    sys.exit("\n".join(problems()) or 0)
