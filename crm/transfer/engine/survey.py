"""The first walk through a file: how many rows, which repeat an earlier one, how numbers are written.

It asks no database, so that whoever resumes an import can simply walk again.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from core.records.importing import MatchBy
from crm.transfer.engine.drafts import read_draft
from crm.transfer.engine.plan import Place, Plan
from crm.transfer.reading.table import Row
from crm.transfer.values import decimal_sign_in

KEY_BYTES = 8


@dataclass(slots=True)
class Survey:
    """What is known of a file as a whole."""

    total: int = 0
    # Rows with the same key as an earlier row, each with that row's number.
    repeats: dict[int, int] = field(default_factory=dict)
    # Decimal signs that columns of numbers prove, by the column's place.
    signs: dict[int, str] = field(default_factory=dict)


class _Keys:
    """Keys of rows, eight bytes each whatever they are made of; a bit says whether a row stands or falls by it."""

    def __init__(self) -> None:
        self.keys = array("Q")
        self.rows = array("Q")

    def add(self, key: str, row: int, *, decides: bool) -> None:
        digest = blake2b(key.encode(), digest_size=KEY_BYTES).digest()
        self.keys.append(int.from_bytes(digest))
        self.rows.append(row << 1 | decides)

    def repeats(self) -> dict[int, int]:
        found: dict[int, int] = {}
        previous, first = -1, 0
        for at in sorted(range(len(self.keys)), key=lambda at: (self.keys[at], self.rows[at])):
            row, decides = self.rows[at] >> 1, self.rows[at] & 1
            if self.keys[at] != previous:
                previous, first = self.keys[at], row
            elif decides and row != first:
                found.setdefault(row, first)
        return found


def take_survey(rows: Callable[[], Iterator[Row]], plan: Plan) -> Survey:
    """Walk through the rows once, and again only when some lack what the others are recognised by."""
    survey = Survey()
    survey.total, survey.signs = _count(rows(), plan)
    keys = _Keys()
    if _collect(rows(), plan, keys, is_thorough=False):
        keys = _Keys()
        _collect(rows(), plan, keys, is_thorough=True)
    survey.repeats = keys.repeats()
    return survey


def _count(rows: Iterable[Row], plan: Plan) -> tuple[int, dict[int, str]]:
    numbers = [place.at for place in plan.places() if place.field.is_number]
    proven: dict[int, set[str]] = defaultdict(set)
    total = 0
    for total, row in enumerate(rows, 1):  # noqa: B007 - the last count is what is wanted
        for at in numbers:
            if at < len(row.cells) and (sign := decimal_sign_in(row.cells[at])):
                proven[at].add(sign)
    return total, {at: signs.pop() for at, signs in proven.items() if len(signs) == 1}


def _collect(rows: Iterable[Row], plan: Plan, keys: _Keys, *, is_thorough: bool) -> bool:
    """Note each row's keys; return whether some row had none of the first kind."""
    matchers = [(matcher, _places_of(matcher, plan)) for matcher in plan.matchers]
    falls_back = False
    for row in rows:
        kinds = _kinds(row, plan, matchers, is_thorough=is_thorough)
        for number, (matcher, found) in enumerate(kinds):
            for key in found:
                keys.add(f"{matcher.name}:{key}", row.number, decides=number == 0)
        falls_back = falls_back or (bool(kinds) and kinds[0][0] is not matchers[0][0])
    return falls_back


def _places_of(matcher: MatchBy, plan: Plan) -> list[Place]:
    return [place for place in plan.places() if place.field.target in matcher.fields]


def _kinds(
    row: Row,
    plan: Plan,
    matchers: Iterable[tuple[MatchBy, list[Place]]],
    *,
    is_thorough: bool,
) -> list[tuple[MatchBy, list[str]]]:
    """Return the row's keys; only the cells they are made of are read."""
    kinds: list[tuple[MatchBy, list[str]]] = []
    for matcher, places in matchers:
        if found := list(matcher.keys(read_draft(row, plan, places, {}).values)):
            kinds.append((matcher, found))
            if not is_thorough:
                break
    return kinds
