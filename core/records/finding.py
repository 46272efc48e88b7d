"""Search over everything at once: what people typed, found in each kind of thing, the likeliest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from core.actors import Actor
from core.prepared import ask_together
from core.records.candidates import Candidates
from core.records.narrowing import types_viewed_by
from core.records.registry import RecordType, Text, record_type_named
from core.records.relevance import relevance_to

SHOWN = 6
# As many candidates are looked at for the likeliest of them: those changed last.
CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what it is called, a line more about it, and where it is."""

    id: Any
    title: str
    detail: str
    url: str
    relevance: int = 0
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """What one kind of thing has for a query: the best first, and whether and where there is more."""

    name: str
    label: Text
    icon: str
    hits: Sequence[Hit]
    has_more: bool = False
    all_url: str = ""


type Source = Callable[[str, Actor, int], Findings]
_sources: list[Source] = []


def add_source(source: Source) -> Source:
    """Have every search ask this as well: it answers for a query, an actor and a number of hits."""
    _sources.append(source)
    return source


def find_everywhere(query: str, *, actor: Actor, shown: int = SHOWN) -> list[Findings]:
    """Return what the actor may see, grouped by kind; kinds without a match are left out."""
    query = query.strip()
    if not query:
        return []
    kinds = types_viewed_by(actor)
    candidates = _candidates(kinds, query, actor)
    groups = [
        _findings(record_type, query, found, actor, shown)
        for record_type, found in zip(kinds, candidates, strict=True)
    ]
    groups += [source(query, actor, shown) for source in _sources]
    found = [group for group in groups if group.hits]
    # The order of kinds stays, unless one of them has something clearly likelier.
    return sorted(found, key=lambda group: -group.hits[0].relevance)


def find_records(record_type: RecordType, query: str, *, actor: Actor, shown: int) -> Findings:
    """Return the records of one type for a query; what it may mean where nothing is called so."""
    [candidates] = _candidates([record_type], query, actor)
    return _findings(record_type, query, candidates, actor, shown)


def _findings(
    record_type: RecordType, query: str, candidates: list[Any], actor: Actor, shown: int
) -> Findings:
    search, menu = record_type.search, record_type.menu
    found = search.confirm(candidates, query)
    likeliest = _likeliest(found, query)
    if not found and search.near and search.confirm_near:
        found = search.confirm_near(_first(record_type, search.near, query, actor), query)
        likeliest = [(0, str(record), record) for record in found]
    search.complete([record for _relevance, _title, record in likeliest[:shown]])
    return Findings(
        name=record_type.name,
        label=menu.plural,
        icon=menu.icon,
        hits=[_hit(record_type, *each) for each in likeliest[:shown]],
        has_more=len(found) > shown,
        all_url=f"{reverse(record_type.url_name('list'))}?{urlencode({'search': query})}",
    )


def _likeliest(found: Sequence[Any], query: str) -> list[tuple[int, str, Any]]:
    """Return what was found with relevance and title, the likeliest first and of these the latest."""
    relevance = relevance_to(query)
    titles = [str(record) for record in found]
    rated = [(relevance(title), title, record) for title, record in zip(titles, found, strict=True)]
    return sorted(rated, key=lambda each: -each[0])


def _candidates(kinds: Sequence[RecordType], query: str, actor: Actor) -> list[list[Any]]:
    """Return what may match of each type.

    Searches are asked while people type: the usual ones are put together once, and asked together.
    """
    questions = {}
    for each in kinds:
        condition = each.search.latest(query, CANDIDATES)
        prepared = _records(each.name).prepared(condition, actor) if condition else None
        if condition and prepared:
            questions[each.name] = prepared, condition.values
    answers = ask_together(list(questions.values())) if questions else []
    known = dict(zip(questions, answers, strict=True))
    return [
        known[each.name] if each.name in known else _first(each, each.search.find, query, actor)
        for each in kinds
    ]


def _first(
    record_type: RecordType, find: Callable[[Any, str], Any], query: str, actor: Actor
) -> list[Any]:
    records = _records(record_type.name)
    return list(records.first(find(records.visible_to(actor), query)))


@cache
def _records(name: str) -> Candidates:
    """Return the records of a type as searches read them: those changed last."""
    record_type: Any = record_type_named(name)

    def latest(rows: Any) -> Any:
        return record_type.search.reads(rows).order_by("-updated_at", "pk")[:CANDIDATES]

    return Candidates(record_type.model._default_manager.visible_to, latest)


def _hit(record_type: RecordType, relevance: int, title: str, record: Any) -> Hit:
    return Hit(
        id=record.pk,
        title=title,
        detail=str(record_type.listing.secondary(record) or ""),
        url=record.get_absolute_url(),
        relevance=relevance,
        is_person=record_type.page.is_person,
    )
