"""What a note may be made of: plain paragraphs, lists, quotes, links and mentions, and nothing else."""

import re
from html import escape
from html.parser import HTMLParser
from uuid import UUID

import nh3

from core.ids import is_id

TAGS = {"p", "br", "strong", "b", "em", "i", "u", "s", "a", "ul", "ol", "li", "blockquote", "code",
        "pre", "h3", "h4", "span", "div"}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "span": {"data-mention"}}
SCHEMES = {"http", "https", "mailto", "tel"}
BLOCKS = {"p", "div", "li", "br", "blockquote", "pre", "h3", "h4", "ul", "ol"}
_MENTION = re.compile(r'<span data-mention="([0-9a-f-]{36})">')


def clean(html: str) -> str:
    """Return the markup without anything that could run, load or disguise itself."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    ).strip()


def from_plain(text: str) -> str:
    """Return plain text as paragraphs."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    return "".join(f"<p>{escape(part.strip()).replace(chr(10), '<br>')}</p>" for part in paragraphs)


def mentioned(html: str) -> list[UUID]:
    """Return whom the cleaned markup mentions, each once, in the order of the text."""
    return list(dict.fromkeys(UUID(found) for found in _MENTION.findall(html) if is_id(found)))


class _Text(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")


def text_of(html: str) -> str:
    """Return the words of the markup, a line for each block."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)
