"""Reading contacts together with the lists inside them, in the order people gave them."""

from django.db.models import Prefetch, QuerySet

from crm.customers.models.affiliations import Affiliation
from crm.customers.models.contacts import Contact
from crm.customers.models.reach import ContactAddress, ContactEmail, ContactPhone


def lists_of_contacts() -> dict[str, Prefetch]:
    """Return how each list of a contact is read along: one query for all contacts of a page."""
    places = Affiliation.objects.order_by("position", "pk")
    return {
        "emails": Prefetch("emails", ContactEmail.objects.order_by("position", "pk")),
        "phones": Prefetch("phones", ContactPhone.objects.order_by("position", "pk")),
        "addresses": Prefetch("addresses", ContactAddress.objects.order_by("position", "pk")),
        "affiliations": Prefetch("affiliations", places),
    }


def whole_contacts(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """Read contacts with everything about them, companies by their ids."""
    return rows.with_tags().defer("name_index").prefetch_related(*lists_of_contacts().values())  # type: ignore[attr-defined, no-any-return]


def whole_contacts_with_companies(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """Read contacts with everything about them, and the companies themselves."""
    places = Affiliation.objects.select_related("company").defer("company__search_terms")
    lists = lists_of_contacts() | {"affiliations": Prefetch("affiliations", places.order_by("position", "pk"))}
    return rows.with_tags().defer("name_index").prefetch_related(*lists.values())  # type: ignore[attr-defined, no-any-return]
