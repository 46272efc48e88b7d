"""How companies and contacts are found by what people type."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, Q, QuerySet

from compliance.encryption.records import prefix_matcher, start_matcher
from compliance.encryption.words import matcher, query_prefixes
from core.records.lists import list_query, read_lists
from crm.customers.filters import with_email, with_phone
from crm.customers.models.companies import Company
from crm.customers.models.contacts import NAME_PARTS, Contact
from crm.customers.models.reach import ContactEmail
from crm.customers.nearness import is_near, near_queries

FEWEST_DIGITS = 6


def find_companies(queryset: QuerySet, text: str) -> QuerySet:
    """Return companies that have, for each word, a word of name or domain that begins with it."""
    terms = sorted(query_prefixes(text))
    return queryset.filter(search_terms__contains=terms) if terms else queryset.none()


def confirm_companies(companies: Sequence[Company], text: str) -> list[Company]:
    is_match = matcher(text)
    return [each for each in companies if is_match([each.name, each.domain])]


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


def find_contacts(queryset: Any, text: str) -> QuerySet:
    """Return contacts by the beginnings of their names or of an e-mail address, or by a whole number."""
    if is_number(text):
        return with_phone(queryset, text)
    if not may_be_address(text):
        return queryset.matching_prefix(text)
    addressed = ContactEmail.objects.beginning(text).values("contact_id")
    if "@" in text:
        exact = with_email(queryset.order_by(), text).values("pk")
        return queryset.filter(_any_of(addressed, exact))
    named = queryset.model.objects.matching_prefix(text).order_by().values("pk")
    return queryset.filter(_any_of(named, addressed))


def _any_of(*found: QuerySet) -> Q:
    """Return the condition of being one of those that any of these queries finds.

    What they find is put into arrays first. With IN the database would rather look through all
    contacts for them, because it cannot know how few an index will answer.
    """
    return reduce(or_, (Q(_IsOneOf("pk", ArraySubquery(ids))) for ids in found))


class _IsOneOf(Func):
    """Whether the first is among the elements of the second."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def confirm_contacts(contacts: Sequence[Contact], text: str) -> list[Contact]:
    """Return those whose names match, and those one of whose addresses begins so."""
    if is_number(text):
        # Numbers are compared whole by their index.
        return list(contacts)
    is_named = prefix_matcher(Contact, text)
    named = {each.pk for each in contacts if "@" not in text and is_named(each)}
    others = [each for each in contacts if each.pk not in named]
    addressed = _addressed(others, text) if may_be_address(text) else set()
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
