"""What stands beside a company or contact on its page."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, Window
from django.db.models.aggregates import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from core.access import can
from core.actors import Actor
from core.records.registry import Related, RelatedRow
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.tree import Branch, tree_of

SHOWN = 5
SHOWN_OF_GROUP = 12


def of_company(company: Company, actor: Actor) -> Sequence[Related]:
    seen = actor.fields
    contacts = [_contacts(company, actor)] if seen.shows("contact", "companies") else []
    return [*contacts, _group(company, actor)] if seen.shows("company", "parent") else contacts


def of_contact(contact: Contact, actor: Actor) -> Sequence[Related]:
    if not actor.fields.shows("contact", "companies"):
        return []
    places = Related(
        label=_("Companies"),
        rows=[_place(each, actor) for each in (*contact.places, *contact.trashed_places)],
        count=len(contact.places),
    )
    main = contact.main_place
    return [places, _colleagues(contact, main.company, actor)] if main else [places]


def _contacts(company: Company, actor: Actor) -> Related:
    people = _people(Q(affiliations__company=company), company, actor)
    return Related(
        label=_("Contacts"),
        rows=[_person(each, actor) for each in people],
        count=_count(people),
        all_url=f"{reverse('contact-list')}?company={company.pk}",
        new_url=_new_url("contact-new", "customers.add_contact", actor, company=company.pk),
        new_label=_("New contact"),
    )


def _colleagues(contact: Contact, company: Company, actor: Actor) -> Related:
    people = _people(Q(affiliations__company=company) & ~Q(pk=contact.pk), company, actor)
    return Related(
        label=_("Colleagues"),
        rows=[_person(each, actor) for each in people],
        count=_count(people),
        all_url=f"{reverse('contact-list')}?company={company.pk}",
    )


def _people(condition: Q, company: Company, actor: Actor) -> list[Any]:
    """Return the first people at the company, each with their role there and the number of all."""
    rows: QuerySet[Any] = Contact.objects.visible_to(actor).filter(condition)
    counted = rows.annotate(all_of_them=Window(Count("pk")))
    fields = ("given_name", "family_name", "title")
    return list(counted.only(*fields).order_by("name_rank", "pk")[:SHOWN])


def _count(rows: list[Any]) -> int:
    return rows[0].all_of_them if rows else 0


def _person(contact: Any, actor: Actor) -> RelatedRow:
    title = contact.title if actor.fields.shows("contact", "title") else ""
    return RelatedRow(contact.name, title, contact.get_absolute_url(), is_person=True)


def _place(affiliation: Affiliation, actor: Actor) -> RelatedRow:
    company = affiliation.company
    return RelatedRow(
        company.name,
        affiliation.title,
        visible_url(company, actor),
        is_trashed=company.deleted_at is not None,
    )


def visible_url(company: Company, actor: Actor) -> str:
    """Return the company's address, or nothing for somebody who may not open it."""
    return company.get_absolute_url() if company.is_visible_to(actor) else ""


def _group(company: Company, actor: Actor) -> Related:
    """Return the whole tree the company belongs to; long ones end in a way to the subsidiaries."""
    branches = tree_of(company, actor)
    return Related(
        label=pgettext("companies that belong together", "Group"),
        rows=[_branch(each, company) for each in branches[:SHOWN_OF_GROUP]],
        count=len(branches),
        all_url=f"{reverse('company-list')}?parent={company.pk}",
        new_url=_new_url("company-new", "customers.add_company", actor, parent=company.pk),
        new_label=_("New subsidiary"),
    )


def _branch(branch: Branch, here: Company) -> RelatedRow:
    people = branch.contacts
    detail = ngettext("%(count)s contact", "%(count)s contacts", people or 0) % {"count": people}
    is_here = branch.company.pk == here.pk
    return RelatedRow(
        label=branch.company.name,
        detail="" if people is None else detail,
        url="" if is_here else branch.company.get_absolute_url(),
        level=branch.level,
    )


def _new_url(name: str, permission: str, actor: Actor, **filled_in: Any) -> str:
    return f"{reverse(name)}?{urlencode(filled_in)}" if can(actor, permission) else ""
