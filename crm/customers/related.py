"""What stands beside a company or contact on its page."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet, Window
from django.db.models.aggregates import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access import can
from core.actors import Actor
from core.records.registry import Related, RelatedRow
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact

SHOWN = 5


def of_company(company: Company, actor: Actor) -> Sequence[Related]:
    return [_contacts(company, actor), _subsidiaries(company, actor)]


def of_contact(contact: Contact, actor: Actor) -> Sequence[Related]:
    places = Related(
        label=_("Companies"),
        rows=[_place(each, actor) for each in contact.places],
        count=len(contact.places),
    )
    main = contact.main_place
    return [places, _colleagues(contact, main.company, actor)] if main else [places]


def _contacts(company: Company, actor: Actor) -> Related:
    people = _people(Q(affiliations__company=company), company, actor)
    return Related(
        label=_("Contacts"),
        rows=[_person(each) for each in people],
        count=_count(people),
        all_url=f"{reverse('contact-list')}?company={company.pk}",
        new_url=_new_url("contact-new", "customers.add_contact", actor),
        new_label=_("New contact"),
    )


def _colleagues(contact: Contact, company: Company, actor: Actor) -> Related:
    people = _people(Q(affiliations__company=company) & ~Q(pk=contact.pk), company, actor)
    return Related(
        label=_("Colleagues"),
        rows=[_person(each) for each in people],
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


def _person(contact: Any) -> RelatedRow:
    return RelatedRow(contact.name, contact.title, contact.get_absolute_url(), is_person=True)


def _place(affiliation: Affiliation, actor: Actor) -> RelatedRow:
    company = affiliation.company
    return RelatedRow(company.name, affiliation.title, visible_url(company, actor))


def visible_url(company: Company, actor: Actor) -> str:
    """Return the company's address, or nothing for somebody who may not open it."""
    is_seen = "records.view_all" in actor.permissions or company.owner_id == actor.user_id
    return company.get_absolute_url() if is_seen and company.deleted_at is None else ""


def _subsidiaries(company: Company, actor: Actor) -> Related:
    rows: QuerySet[Any] = Company.objects.visible_to(actor).filter(parent=company)
    counted = rows.annotate(all_of_them=Window(Count("pk")))
    found: list[Any] = list(counted.only("name", "industry").order_by("name_key", "pk")[:SHOWN])
    return Related(
        label=_("Subsidiaries"),
        rows=[RelatedRow(each.name, each.industry_name, each.get_absolute_url()) for each in found],
        count=_count(found),
        all_url=f"{reverse('company-list')}?parent={company.pk}",
    )


def _new_url(name: str, permission: str, actor: Actor) -> str:
    return reverse(name) if can(actor, permission) else ""
