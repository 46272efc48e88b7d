"""Search over everything at once: what people typed, found in each kind of thing, the likeliest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from core.actors import Actor
from core.prepared import Condition
from core.records.candidates import Candidates, Question, ask_prepared
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


@dataclass(frozen=True, slots=True)
class Source:
    """Something else that searches look through: what is looked at, and what of it is found.

    The group is the part of the product it belongs to, which a key may be kept out of. The condition
    says what may match what was typed; None, that nothing can. The findings are made of the rows that
    met it, for the query, the actor and a number of hits.
    """

    group: str
    candidates: Candidates
    condition: Callable[[str], Condition | None]
    findings: Callable[[Sequence[Any], str, Actor, int], Findings]


_sources: list[Source] = []


def add_source(source: Source) -> None:
    """Have every search look through this as well."""
    _sources.append(source)


def every_part(group: str) -> bool:
    """Let a search look through every part of the product, as people do."""
    return True


def find_everywhere(
    query: str, *, actor: Actor, shown: int = SHOWN, opens: Callable[[str], bool] = every_part
) -> list[Findings]:
    """Return what the actor may see, grouped by kind; kinds without a match are left out.

    `opens` says which parts of the product are looked through beside the records.
    Searches are asked while people type: the usual ones are put together once, and asked together.
    """
    query = query.strip()
    if not query:
        return []
    kinds = types_viewed_by(actor)
    of_kinds = [_question(each, query) for each in kinds]
    sources = [each for each in _sources if opens(each.group)]
    of_sources = [(each.candidates, each.condition(query)) for each in sources]
    answers = iter(ask_prepared([*of_kinds, *of_sources], actor))
    groups = [_found(each, next(answers), query, actor, shown) for each in kinds]
    groups += [
        source.findings(_rows(question, next(answers), actor), query, actor, shown)
        for source, question in zip(sources, of_sources, strict=True)
    ]
    found = [group for group in groups if group.hits]
    # The order of kinds stays, unless one of them has something clearly likelier.
    return sorted(found, key=lambda group: -group.hits[0].relevance)


def find_records(record_type: RecordType, query: str, *, actor: Actor, shown: int) -> Findings:
    """Return the records of one type for a query; what it may mean where nothing is called so."""
    [answer] = ask_prepared([_question(record_type, query)], actor)
    return _found(record_type, answer, query, actor, shown)


def _rows(question: Question, answer: list[Any] | None, actor: Actor) -> list[Any]:
    """Return what was answered, or else what is answered to this actor alone."""
    candidates, condition = question
    if answer is None and condition is not None:
        return candidates.ask(condition, actor)
    return answer or []


def _question(record_type: RecordType, query: str) -> Question:
    return _records(record_type.name), record_type.search.latest(query, CANDIDATES)


def _found(
    record_type: RecordType, answer: list[Any] | None, query: str, actor: Actor, shown: int
) -> Findings:
    if answer is None:
        answer = _first(record_type, record_type.search.find, query, actor)
    return _findings(record_type, query, answer, actor, shown)


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
