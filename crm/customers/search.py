"""How companies and contacts are found by what people type."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import QuerySet

from compliance.encryption.records import (
    exact_index,
    prefix_index,
    prefix_matcher,
    start_index,
    start_matcher,
)
from compliance.encryption.words import matcher, query_prefixes
from core.prepared import Condition
from core.records.lists import list_query, read_lists
from core.records.registry import Searchable
from crm.customers.filters import with_phone
from crm.customers.models.companies import Company
from crm.customers.models.contacts import NAME_PARTS, Contact
from crm.customers.models.reach import ContactEmail
from crm.customers.nearness import is_near, near_queries
from crm.customers.words import SEARCH_COMPANIES, SEARCH_CONTACTS

FEWEST_DIGITS = 6
# A token is never negative.
NEVER = [-1]
COMPANY_HAS = '"customers_company"."search_terms" @> %s::varchar[]'
HAS_NAME = '"customers_contact"."name_index" @> %s::integer[]'
ONE_OF = '"customers_contact"."id" = ANY(ARRAY(SELECT {} FROM {} WHERE {}))'
IS_NAMED = ONE_OF.format("u.id", '"customers_contact" u', "u.name_index @> %s::integer[]")
STARTS_SO = ONE_OF.format(
    "u.contact_id", '"customers_contactemail" u', "u.email_start @> %s::integer[]"
)
# The same for those changed last: where thousands begin so, the index by time is quicker to ask.
LATEST = "deleted_at IS NULL ORDER BY {}.updated_at DESC LIMIT %s"
LATEST_NAMED = ONE_OF.format(
    "u.id",
    '"customers_contact" u',
    f"u.name_index @> %s::integer[] AND u.{LATEST.format('u')}",
)
LATEST_STARTING_SO = ONE_OF.format(
    "u.contact_id",
    '"customers_contactemail" u JOIN "customers_contact" c ON c.id = u.contact_id',
    f"u.email_start @> %s::integer[] AND c.{LATEST.format('c')}",
)
HAS_ADDRESS = ONE_OF.format("u.contact_id", '"customers_contactemail" u', "u.email_index = %s")


def find_companies(queryset: QuerySet, text: str) -> QuerySet:
    """Return companies that have, for each word, a word of name or domain that begins with it."""
    condition = company_condition(text)
    return condition.among(queryset) if condition else queryset.none()


def latest_companies(text: str, _count: int) -> Condition | None:
    """Return the same condition as for a list: one index answers it, however many companies there are."""
    return company_condition(text)


def company_condition(text: str) -> Condition | None:
    """Return the condition of being found; None when the text is too short to find anything."""
    terms = sorted(query_prefixes(text))
    return Condition(COMPANY_HAS, (terms,)) if terms else None


def confirm_companies(companies: Sequence[Company], text: str) -> list[Company]:
    is_match = matcher(text)
    return [each for each in companies if is_match([each.name, each.domain])]


# More companies than this are not looked at by name alone; what is typed then is too short.
NAMED_AT_MOST = 2_000


def find_companies_by_name(queryset: QuerySet, text: str) -> QuerySet:
    """Return companies found by their names alone, for somebody who does not see their web addresses."""
    found = find_companies(queryset, text).only("name").order_by("-updated_at", "pk")
    is_match = matcher(text)
    named = [each.pk for each in found[:NAMED_AT_MOST] if is_match([each.name])]
    return queryset.filter(pk__in=named)


def confirm_companies_by_name(companies: Sequence[Company], text: str) -> list[Company]:
    is_match = matcher(text)
    return [each for each in companies if is_match([each.name])]


def near_companies(queryset: QuerySet, text: str) -> QuerySet:
    """Return companies whose name or domain is what the text may mean, a letter of a word being wrong."""
    queries = near_queries(text)
    if not queries:
        return queryset.none()
    for variants in queries:
        queryset = queryset.filter(search_terms__overlap=variants)
    return queryset


def confirm_near_companies(companies: Sequence[Company], text: str) -> list[Company]:
    return [each for each in companies if is_near(text, [each.name, each.domain])]


def confirm_near_companies_by_name(companies: Sequence[Company], text: str) -> list[Company]:
    return [each for each in companies if is_near(text, [each.name])]


type Unseen = frozenset[str]
EVERYTHING_SEEN: Unseen = frozenset()


def find_contacts(queryset: Any, text: str, *, unseen: Unseen = EVERYTHING_SEEN) -> QuerySet:
    """Return contacts by the beginnings of their names or of an e-mail address, or by a whole number."""
    if is_number(text):
        return queryset.none() if "phones" in unseen else with_phone(queryset, text)
    condition = _found_by(text, *_tokens(text, unseen))
    return condition.among(queryset) if condition else queryset.none()


def latest_contacts(text: str, count: int, *, unseen: Unseen = EVERYTHING_SEEN) -> Condition | None:
    """Return the condition of being among so many of those found that changed last.

    Where only names or only addresses can be meant, it is that of a list. None for
    numbers and what is too short.
    """
    names, starts = _tokens(text, unseen)
    if names and starts:
        return Condition(f"{LATEST_NAMED} OR {LATEST_STARTING_SO}", (names, count, starts, count))
    return _found_by(text, names, starts)


def _tokens(text: str, unseen: Unseen) -> tuple[list[int], list[int]]:
    """Return what names and what addresses that begin so are found by; nothing where the text is none."""
    if is_number(text):
        return [], []
    names = prefix_index(Contact).tokens_for(text) if "@" not in text else []
    is_address = may_be_address(text) and "emails" not in unseen
    starts = start_index(ContactEmail).tokens_for(text) if is_address else []
    return names, starts


def _found_by(text: str, names: list[int], starts: list[int]) -> Condition | None:
    """Return the condition of being found by name or address; None where there are no tokens.

    What indexes find is put into arrays first. With IN the database would rather look through all
    contacts for it, because it cannot know how few an index will answer.
    """
    if starts and "@" in text:
        whole = exact_index(ContactEmail, "email").index_of([text])
        return Condition(f"{STARTS_SO} OR {HAS_ADDRESS}", (starts, whole))
    if starts:
        return Condition(f"{IS_NAMED} OR {STARTS_SO}", (names or NEVER, starts))
    return Condition(HAS_NAME, (names,)) if names else None


def confirm_contacts(
    contacts: Sequence[Contact], text: str, *, unseen: Unseen = EVERYTHING_SEEN
) -> list[Contact]:
    """Return those whose names match, and those one of whose addresses begins so."""
    if is_number(text):
        # Numbers are compared whole by their index.
        return list(contacts)
    is_named = prefix_matcher(Contact, text)
    named = {each.pk for each in contacts if "@" not in text and is_named(each)}
    others = [each for each in contacts if each.pk not in named]
    is_address = may_be_address(text) and "emails" not in unseen
    addressed = _addressed(others, text) if is_address else set()
    return [each for each in contacts if each.pk in named or each.pk in addressed]


def _addressed(contacts: Sequence[Contact], text: str) -> set[Any]:
    if contacts:
        read_lists(contacts, [("emails", list_query(Contact, "emails"))])
    begins = start_matcher(ContactEmail, text)
    wanted = text.strip().casefold()
    return {
        each.pk
        for each in contacts
        if any(begins(row) or row.email.casefold() == wanted for row in each.listed("emails"))
    }


def read_names(rows: QuerySet) -> QuerySet:
    """Read no more of contacts than what a search looks at and a hit shows."""
    return rows.only(*NAME_PARTS, "title")


def read_places(contacts: Sequence[Contact]) -> None:
    """Read along where these contacts work."""
    if contacts:
        places = list_query(Contact, "affiliations", named=("company",))
        read_lists(contacts, [("affiliations", places)])


def read_company_names(rows: QuerySet) -> QuerySet:
    """Read no more of companies than what a search looks at and a hit shows."""
    return rows.only("name", "domain", "industry", "country")


def is_number(text: str) -> bool:
    """Return whether somebody typed a telephone number rather than a name."""
    digits = sum(letter.isdigit() for letter in text)
    return digits >= FEWEST_DIGITS and not any(letter.isalpha() for letter in text)


def may_be_address(text: str) -> bool:
    """Return whether the text could be the beginning of an e-mail address."""
    typed = text.strip()
    return typed.isascii() and bool(typed) and " " not in typed


def contacts_search(unseen: Unseen) -> Searchable:
    """Return how contacts are found by somebody who does not see these fields."""
    return Searchable(
        find=partial(find_contacts, unseen=unseen),
        confirm=partial(confirm_contacts, unseen=unseen),
        reads=read_names,
        complete=read_places,
        latest=partial(latest_contacts, unseen=unseen),
        placeholder=SEARCH_CONTACTS,
        without=contacts_search,
    )


def companies_search(unseen: Unseen) -> Searchable:
    """Return how companies are found by somebody who does not see these fields."""
    if "website" not in unseen:
        return COMPANIES
    return replace(
        COMPANIES,
        find=find_companies_by_name,
        confirm=confirm_companies_by_name,
        latest=lambda text, count: None,
        near=None,
        confirm_near=None,
    )


CONTACTS = contacts_search(EVERYTHING_SEEN)
COMPANIES = Searchable(
    find=find_companies,
    confirm=confirm_companies,
    reads=read_company_names,
    latest=latest_companies,
    placeholder=SEARCH_COMPANIES,
    near=near_companies,
    confirm_near=confirm_near_companies,
    without=companies_search,
)
