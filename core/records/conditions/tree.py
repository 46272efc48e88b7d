"""A filter as a tree of conditions, and the one line of text that addresses carry.

`title:contains:chief,or(stage:any:x|y,company.industry:any:software)` — a comma joins what must all
be true, `or(…)` what may be, `|` the values of one condition. Values with signs stand in quotes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

type Joint = Literal["and", "or"]

PARAMETER = "filter"
LONGEST = 6_000
DEEPEST = 4
MOST_CONDITIONS = 40
MOST_VALUES = 200

_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([,:|()])|([^\s,:|()"\\]+))', re.DOTALL)
_PLAIN = re.compile(r"[\w.@+\-]+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Condition:
    """One field, what is asked of it, and the values it is compared with."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all (and) or at least one (or) must be true."""

    joint: Joint = "and"
    parts: "tuple[Condition | Group, ...]" = ()

    def __bool__(self) -> bool:
        return bool(self.parts)


type Part = Condition | Group
NOTHING = Group()


def refused(message: Any, code: str = "invalid_filter") -> ValidationError:
    """Return the refusal of a filter, under the name of its parameter."""
    return ValidationError({PARAMETER: [ValidationError(message, code=code)]})


def parse(text: str) -> Group:
    """Return the tree this text says; raise ValidationError when it says none."""
    if len(text) > LONGEST:
        raise refused(_("This filter is too long."))
    reader = _Reader(text)
    parts = reader.parts(1) if reader.has_more else ()
    if reader.has_more:
        raise refused(_("This filter is not well formed."))
    if len(parts) == 1 and isinstance(parts[0], Group):
        return parts[0]
    return Group("and", parts)


def write(tree: Group) -> str:
    """Return the text that `parse` reads as this tree."""
    if tree.joint == "and" and not _is_one_group(tree):
        return ",".join(map(_written, tree.parts))
    return _written(tree)


def conditions_of(part: Part) -> Iterator[Condition]:
    """Yield every condition of the tree."""
    if isinstance(part, Condition):
        yield part
        return
    for inner in part.parts:
        yield from conditions_of(inner)


def _is_one_group(tree: Group) -> bool:
    return len(tree.parts) == 1 and isinstance(tree.parts[0], Group)


def _written(part: Part) -> str:
    if isinstance(part, Group):
        return f"{part.joint}({','.join(map(_written, part.parts))})"
    head = f"{part.field}:{part.operator}"
    return f"{head}:{'|'.join(map(_quoted, part.values))}" if part.values else head


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    is_sign: bool = False


class _Reader:
    """Reads the parts of a filter from left to right."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.conditions = 0

    @property
    def has_more(self) -> bool:
        return self.at < len(self.tokens)

    def parts(self, depth: int) -> tuple[Part, ...]:
        found = [self._part(depth)]
        while self._takes(","):
            found.append(self._part(depth))
        return tuple(found)

    def _part(self, depth: int) -> Part:
        word = self._word()
        if word in ("and", "or") and self._takes("("):
            return self._group(cast(Joint, word), depth)
        return self._condition(word)

    def _group(self, joint: Joint, depth: int) -> Group:
        if depth >= DEEPEST:
            raise refused(_("This filter has too many groups inside each other."))
        inner = self.parts(depth + 1)
        self._expect(")")
        return Group(joint, inner)

    def _condition(self, field: str) -> Condition:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise refused(_("This filter has too many conditions."))
        self._expect(":")
        operator = self._word()
        values = [self._word()] if self._takes(":") else []
        while values and self._takes("|"):
            values.append(self._word())
        if len(values) > MOST_VALUES:
            raise refused(_("A condition of this filter has too many values."))
        return Condition(field, operator, tuple(values))

    def _word(self) -> str:
        token = self._next()
        if token is None or token.is_sign:
            raise refused(_("This filter is not well formed."))
        self.at += 1
        return token.text

    def _takes(self, sign: str) -> bool:
        is_there = self._next() == _Token(sign, is_sign=True)
        self.at += is_there
        return is_there

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise refused(_("This filter is not well formed."))

    def _next(self) -> _Token | None:
        return self.tokens[self.at] if self.has_more else None


def _tokens(text: str) -> Iterator[_Token]:
    text = text.rstrip()
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise refused(_("This filter is not well formed."))
        quoted, sign, plain = match.groups()
        yield _Token(sign, is_sign=True) if sign else _Token(_said(quoted, plain))
        at = match.end()


def _said(quoted: str | None, plain: str) -> str:
    return plain if quoted is None else _ESCAPED.sub(r"\1", quoted)
