"""Finding companies and contacts that are there twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.records.duplicates import Duplicates, Likely, Pair
from crm.customers.likeness import NEAR, company_key, likeness, person_key
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.reach import ContactEmail, ContactPhone
from crm.customers.operations.company_values import domain_of
from crm.customers.operations.plain_values import text_of
from crm.customers.phones import parse_phone
from crm.customers.search import find_companies

EMAIL, PHONE, DOMAIN, NAME = "email", "phone", "domain", "name"
NAME_AND_COMPANY, NEAR_NAME = "name_and_company", "near_name"
SCORES = {EMAIL: 97, DOMAIN: 92, NAME_AND_COMPANY: 90, PHONE: 72, NEAR_NAME: 76, NAME: 64}
# What more records share than this is an office's number or a common name, not a person.
SHARED_BY = 12
NEIGHBOURS = 6
READ_AT_ONCE = 2_000
CANDIDATES = 60
SHOWN = 5
REASONS = {
    EMAIL: _("Same e-mail address"),
    PHONE: _("Same phone number"),
    DOMAIN: _("Same domain"),
    NAME: _("Same name"),
    NAME_AND_COMPANY: _("Same name at the same company"),
    NEAR_NAME: _("Nearly the same name"),
}

_SAME_REACH = """
    SELECT array_agg(DISTINCT r.contact_id) FROM "{reach}" r
    JOIN "{contact}" c ON c.id = r.contact_id AND c.deleted_at IS NULL
    WHERE r."{index}" IS NOT NULL GROUP BY r."{index}"
    HAVING count(DISTINCT r.contact_id) BETWEEN 2 AND %s"""
_SAME_DOMAIN = """
    SELECT array_agg(id) FROM "{company}" WHERE deleted_at IS NULL AND domain <> ''
    GROUP BY domain HAVING count(*) BETWEEN 2 AND %s"""


def _pair(first: UUID, second: UUID, reason: str) -> Pair:
    return Pair(min(first, second), max(first, second), reason, SCORES[reason])


def _groups(sql: str) -> list[list[UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [SHARED_BY])
        return [ids for (ids,) in cursor.fetchall()]


def contact_pairs() -> Iterator[Pair]:
    """Yield contacts with an address, a number or a name in common."""
    for model, index, reason in (
        (ContactEmail, "email_index", EMAIL),
        (ContactPhone, "number_index", PHONE),
    ):
        tables = {"reach": model._meta.db_table, "contact": Contact._meta.db_table}
        for ids in _groups(_SAME_REACH.format(**tables, index=index)):
            yield from (_pair(*two, reason) for two in combinations(ids, 2))
    ranks = Contact.objects.filter(deleted_at=None).exclude(name_rank=None)
    for rank in ranks.order_by("name_rank").values_list("name_rank", flat=True).distinct():
        yield from _same_names(ranks.filter(name_rank=rank))


def _same_names(rows: Any) -> Iterator[Pair]:
    """Names of one rank are opened together; it holds those whose first two letters are the same."""
    names: dict[UUID, str] = {}
    for contact in rows.only("given_name", "family_name").order_by("pk"):
        names[contact.pk] = person_key(contact.given_name, contact.family_name)
    places: dict[UUID, set[UUID]] = defaultdict(set)
    links = Affiliation.objects.filter(contact__in=rows.values("pk"), company__deleted_at=None)
    for contact_id, company_id in links.values_list("contact_id", "company_id"):
        places[contact_id].add(company_id)
    yield from _same_key(names, places)
    yield from _near_at_one_company(names, places)


def _same_key(names: Mapping[UUID, str], places: Mapping[UUID, set[UUID]]) -> Iterator[Pair]:
    found: dict[str, list[UUID]] = defaultdict(list)
    for pk, key in names.items():
        if " " in key:
            found[key].append(pk)
    for ids in found.values():
        for first, second in combinations(ids, 2) if len(ids) <= SHARED_BY else ():
            together = places.get(first, set()) & places.get(second, set())
            yield _pair(first, second, NAME_AND_COMPANY if together else NAME)


def _near_at_one_company(
    names: Mapping[UUID, str], places: Mapping[UUID, set[UUID]]
) -> Iterator[Pair]:
    people: dict[UUID, list[UUID]] = defaultdict(list)
    for pk, companies in places.items():
        for company in companies if pk in names else ():
            people[company].append(pk)
    for ids in people.values():
        ordered = sorted(ids, key=names.__getitem__)
        for first, second in _neighbours(ordered):
            if names[first] != names[second] and likeness(names[first], names[second]) >= NEAR:
                yield _pair(first, second, NEAR_NAME)


def _neighbours[T](ordered: Sequence[T]) -> Iterator[tuple[T, T]]:
    """Yield each with the few that follow it: who is alike stands close together once sorted."""
    for at, first in enumerate(ordered):
        for second in ordered[at + 1 : at + 1 + NEIGHBOURS]:
            yield first, second


def company_pairs() -> Iterator[Pair]:
    """Yield companies with a domain in common, or names alike."""
    for ids in _groups(_SAME_DOMAIN.format(company=Company._meta.db_table)):
        yield from (_pair(*two, DOMAIN) for two in combinations(ids, 2))
    window: list[tuple[UUID, str]] = []
    for pk, name in _company_names():
        key = company_key(name)
        for other, other_key in window:
            alike = likeness(key, other_key)
            if alike >= NEAR:
                yield _pair(pk, other, NAME if alike == 1 else NEAR_NAME)
        window = [*window, (pk, key)][-NEIGHBOURS:]


def _company_names() -> Iterator[tuple[UUID, str]]:
    rows = Company.objects.filter(deleted_at=None).order_by("name_key", "pk")
    ordered = rows.values_list("name_key", "pk", "name")
    page = list(ordered[:READ_AT_ONCE])
    while page:
        yield from ((pk, name) for _key, pk, name in page)
        last = page[-1]
        after = Q(name_key__gt=last[0]) | Q(name_key=last[0], pk__gt=last[1])
        page = list(ordered.filter(after)[:READ_AT_ONCE])


def likely_contacts(values: Mapping[str, Any], actor: Actor) -> list[Likely]:
    """Return contacts with one of these addresses, numbers, or nearly this name."""
    visible: Any = Contact.objects.visible_to(actor)
    emails = [text_of(row.get("email")) for row in values.get("emails") or ()]
    numbers = _numbers(values.get("phones") or ())
    found: dict[UUID, str] = {}
    for model, source, wanted, reason, field in (
        (ContactEmail, "email", emails, EMAIL, "emails"),
        (ContactPhone, "number", numbers, PHONE, "phones"),
    ):
        if any(wanted) and actor.fields.shows("contact", field):
            rows = model.objects.where_any(source, wanted)
            for pk in rows.values_list("contact_id", flat=True)[:CANDIDATES]:
                found.setdefault(pk, reason)
    given, family = text_of(values.get("given_name")), text_of(values.get("family_name"))
    named = visible.matching_prefix(_beginnings(f"{given} {family}"))[:CANDIDATES]
    key = person_key(given, family)
    for contact in named if " " in key else ():
        alike = likeness(key, person_key(contact.given_name, contact.family_name))
        if alike >= NEAR:
            found.setdefault(contact.pk, NAME if alike == 1 else NEAR_NAME)
    return _likely(visible, found)


def _beginnings(text: str) -> str:
    """A typo rarely stands among the first letters: these are enough to find candidates by."""
    return " ".join(word[:2] if word.isascii() else word[:1] for word in text.split())


def _numbers(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    found = []
    for row in rows:
        try:
            found.append(parse_phone(text_of(row.get("number"))))
        except ValidationError:
            continue
    return found


def likely_companies(values: Mapping[str, Any], actor: Actor) -> list[Likely]:
    """Return companies with this domain, or nearly this name."""
    visible: Any = Company.objects.visible_to(actor)
    found: dict[UUID, str] = {}
    website = text_of(values.get("website"))
    domain = domain_of(website if "://" in website else f"https://{website}") if website else ""
    if domain and actor.fields.shows("company", "website"):
        same = visible.filter(domain=domain).values_list("pk", flat=True)[:CANDIDATES]
        found |= dict.fromkeys(same, DOMAIN)
    name = text_of(values.get("name"))
    key, first = company_key(name), next(iter(name.split()), "")
    named = find_companies(visible, _beginnings(first)) if len(key) > 1 else visible.none()
    for pk, other in named.order_by("pk").values_list("pk", "name")[: 10 * CANDIDATES]:
        alike = likeness(key, company_key(other))
        if alike >= NEAR:
            found.setdefault(pk, NAME if alike == 1 else NEAR_NAME)
    return _likely(visible, found)


def _likely(visible: Any, found: Mapping[UUID, str]) -> list[Likely]:
    records = visible.filter(pk__in=list(found))
    likely = [Likely(each, found[each.pk], SCORES[found[each.pk]]) for each in records]
    return sorted(likely, key=lambda each: (-each.score, str(each.record.pk)))[:SHOWN]


CONTACTS = Duplicates(contact_pairs, likely_contacts, REASONS)
COMPANIES = Duplicates(company_pairs, likely_companies, REASONS)
