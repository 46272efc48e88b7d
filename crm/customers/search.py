"""How companies and contacts are found by what people type."""

from typing import Any

from django.db.models import QuerySet

from compliance.encryption.records import prefix_matcher
from compliance.encryption.words import is_match, query_prefixes
from crm.customers.filters import with_email, with_phone
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact

FEWEST_DIGITS = 6


def find_companies(queryset: QuerySet, text: str) -> QuerySet:
    """Return companies that have, for each word, a word of name or domain that begins with it."""
    terms = sorted(query_prefixes(text))
    return queryset.filter(search_terms__contains=terms) if terms else queryset.none()


def is_company_found(company: Company, text: str) -> bool:
    return is_match(text, [company.name, company.domain])


def find_contacts(queryset: Any, text: str) -> QuerySet:
    """Return contacts by the beginnings of their names, or by a whole e-mail address or number."""
    if "@" in text:
        return with_email(queryset, text)
    if is_number(text):
        return with_phone(queryset, text)
    return queryset.matching_prefix(text)


def is_contact_found(contact: Contact, text: str) -> bool:
    # Addresses and numbers are compared whole by their index; only prefixes can collide.
    return "@" in text or is_number(text) or prefix_matcher(Contact, text)(contact)


def is_number(text: str) -> bool:
    """Return whether somebody typed a telephone number rather than a name."""
    digits = sum(letter.isdigit() for letter in text)
    return digits >= FEWEST_DIGITS and not any(letter.isalpha() for letter in text)
