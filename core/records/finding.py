"""Search over everything at once: what people typed, found in each kind of thing, the likeliest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from core.access import can
from core.actors import Actor
from core.records.reading import reader_of
from core.records.registry import RecordType, Text, record_types
from core.records.relevance import relevance

SHOWN = 6
# As many candidates are looked at for the likeliest of them: those changed last.
CANDIDATES = 60


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
    groups = [
        find_records(record_type, query, actor=actor, shown=shown)
        for record_type in record_types()
        if can(actor, record_type.permission("view"))
    ]
    groups += [source(query, actor, shown) for source in _sources]
    found = [group for group in groups if group.hits]
    # The order of kinds stays, unless one of them has something clearly likelier.
    return sorted(found, key=lambda group: -group.hits[0].relevance)


def find_records(record_type: RecordType, query: str, *, actor: Actor, shown: int) -> Findings:
    """Return the records of one type for a query; what it may mean where nothing is called so."""
    visible = record_type.model._default_manager.visible_to(actor)  # type: ignore[attr-defined]
    found = _likeliest(record_type, record_type.search.find(visible, query), query)
    search = record_type.search
    if not found and search.near and search.confirm_near:
        near = _latest(record_type, search.near(visible, query))
        found = search.confirm_near(near, query)
    read = reader_of(record_type.model, record_type.listing.prepare)
    records = read([each.pk for each in found[:shown]])
    menu = record_type.menu
    return Findings(
        name=record_type.name,
        label=menu.plural,
        icon=menu.icon,
        hits=[_hit(record, record_type, query) for record in records],
        has_more=len(found) > shown,
        all_url=f"{reverse(record_type.url_name('list'))}?{urlencode({'search': query})}",
    )


def _likeliest(record_type: RecordType, rows: Any, query: str) -> list[Any]:
    """Return the candidates that really match, the likeliest first and of these the latest."""
    found = record_type.search.confirm(_latest(record_type, rows), query)
    return sorted(found, key=lambda record: -relevance(query, str(record)))


def _latest(record_type: RecordType, rows: Any) -> list[Any]:
    return list(record_type.search.reads(rows).order_by("-updated_at", "pk")[:CANDIDATES])


def _hit(record: Any, record_type: RecordType, query: str) -> Hit:
    title = str(record)
    return Hit(
        id=record.pk,
        title=title,
        detail=str(record_type.listing.secondary(record) or ""),
        url=record.get_absolute_url(),
        relevance=relevance(query, title),
        is_person=record_type.page.is_person,
    )
