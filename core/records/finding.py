"""Search over everything at once: what people typed, found in each kind of thing, the likeliest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from core.access import VIEW_ALL, can
from core.actors import Actor
from core.prepared import Prepared, ask_together, given
from core.records.models import sees_all_owners
from core.records.registry import RecordType, Text, record_type_named, record_types
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
    kinds = [each for each in record_types() if can(actor, each.permission("view"))]
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
        near = search.near(_visible(record_type, actor), query)
        found = search.confirm_near(list(_latest(record_type, near)), query)
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
    conditions = [each.search.latest(query, CANDIDATES) for each in kinds]
    prepared = {
        record_type.name: (_prepared(record_type.name, condition.sql), condition.values)
        for record_type, condition in zip(kinds, conditions, strict=True)
        if condition is not None and sees_all_owners(actor)
    }
    answers = ask_together(list(prepared.values())) if prepared else []
    known = dict(zip(prepared, answers, strict=True))
    return [
        known[each.name]
        if each.name in known
        else list(_latest(each, each.search.find(_visible(each, actor), query)))
        for each in kinds
    ]


@lru_cache(maxsize=100)
def _prepared(name: str, condition: str) -> Prepared[Any]:
    record_type = record_type_named(name)
    everybody = Actor.system("search", VIEW_ALL)
    return Prepared(
        lambda: _latest(record_type, _visible(record_type, everybody).filter(given(condition)))
    )


def _visible(record_type: Any, actor: Actor) -> Any:
    return record_type.model._default_manager.visible_to(actor)


def _latest(record_type: Any, rows: Any) -> Any:
    return record_type.search.reads(rows).order_by("-updated_at", "pk")[:CANDIDATES]


def _hit(record_type: RecordType, relevance: int, title: str, record: Any) -> Hit:
    return Hit(
        id=record.pk,
        title=title,
        detail=str(record_type.listing.secondary(record) or ""),
        url=record.get_absolute_url(),
        relevance=relevance,
        is_person=record_type.page.is_person,
    )
