"""Adding sample customers to a workspace, and taking every one of them out again."""

from typing import Any

from django.db import transaction

from core.access import authorize
from core.actors import Actor
from core.isolation.scope import current_workspace
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import Tag
from crm.customers.operations.companies import delete_companies, destroy_companies
from crm.customers.operations.contacts import delete_contacts, destroy_contacts
from crm.home.samples.customers import SAMPLE, fill_with_customers, owners_of_customers

COMPANIES = 24
TIDYING = Actor.system(
    "Atrium",
    *(model.permission(verb) for model in (Contact, Company) for verb in ("view", "destroy")),
)


@transaction.atomic
def add_samples(*, actor: Actor) -> None:
    """Add two dozen made-up companies with their people, all tagged as samples; twice changes nothing."""
    authorize(actor, "customers.add_company")
    authorize(actor, "customers.add_contact")
    if has_samples():
        return
    mark, _is_new = Tag.objects.get_or_create(key=SAMPLE, defaults={"position": 99})
    fill_with_customers(
        companies=COMPANIES,
        owners=owners_of_customers(),
        language=current_workspace().language,
        mark=mark,
    )


@transaction.atomic
def remove_samples(*, actor: Actor) -> int:
    """Delete every record with the sample tag for good and return how many there were."""
    rows: tuple[Any, ...] = (Contact.objects.visible_to(actor), Company.objects.visible_to(actor))
    contacts, companies = (
        list(each.filter(tags__key=SAMPLE).values_list("pk", flat=True)) for each in rows
    )
    # Nobody misses what was made up: it does not stay in the trash.
    for delete, destroy, ids in (
        (delete_contacts, destroy_contacts, contacts),
        (delete_companies, destroy_companies, companies),
    ):
        delete(ids, actor=actor)
        destroy(ids, actor=TIDYING)
    Tag.objects.filter(key=SAMPLE, companies=None, contacts=None).delete()
    return len(contacts) + len(companies)


def has_samples() -> bool:
    """Return whether there are sample records in the workspace."""
    return Company.objects.filter(tags__key=SAMPLE).exists()
