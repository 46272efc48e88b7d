"""Adding sample customers to a workspace, and taking out again those that nobody has made their own."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from core.access import authorize
from core.actors import Actor
from core.isolation.scope import current_workspace
from core.records.writing import Batch, RecordInUse
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import Tag
from crm.customers.operations.companies import delete_companies, destroy_companies
from crm.customers.operations.contacts import delete_contacts, destroy_contacts
from crm.history.following import followers, name_of
from crm.history.models.merges import MergedRecord
from crm.home.models import Sample
from crm.home.samples.customers import SAMPLE, fill_with_customers, owners_of_customers

COMPANIES = 24
TIDYING = Actor.system(
    "Atrium",
    *(model.permission(verb) for model in (Contact, Company) for verb in ("view", "destroy")),
)


type Needed = Callable[[Collection[UUID]], Iterable[tuple[UUID, UUID]]]


def _needed_by_nobody(ids: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
    return ()


def _needed_by_contacts(ids: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
    """Return pairs of a company and a contact that belongs to it."""
    rows = Affiliation.objects.filter(company__in=ids, contact__deleted_at=None)
    return list(rows.values_list("company_id", "contact_id"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of record there are samples of. `needed` says which of them have whom belong to them."""

    model: Any
    delete: Callable[..., Batch[Any]]
    destroy: Callable[..., Batch[Any]]
    needed: Needed = _needed_by_nobody

    @property
    def samples(self) -> Any:
        return Sample.objects.filter(record_type=name_of(self.model))


# Contacts first: a company that only samples belonged to goes with them.
KINDS = (
    Kind(Contact, delete_contacts, destroy_contacts),
    Kind(Company, delete_companies, destroy_companies, _needed_by_contacts),
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
        tell=_remember,
    )


def _remember(records: Iterable[Any]) -> None:
    Sample.objects.bulk_create(
        Sample(record_type=name_of(type(each)), record_id=each.pk, version=each.version)
        for each in records
    )


@transaction.atomic
def remove_samples(*, actor: Actor) -> int:
    """Destroy the samples that are still as they were added, and return how many there were.

    What somebody has made their own stays and is a sample no more: what was changed, merged into or
    put in the trash, what has notes or files, and companies that others belong to which stay.
    Records that were not added as samples are never touched, whatever their tags say.
    """
    count = sum(_remove(kind, actor) for kind in KINDS)
    Tag.objects.filter(key=SAMPLE, companies=None, contacts=None).delete()
    return count


def _remove(kind: Kind, actor: Actor) -> int:
    made = dict(kind.samples.values_list("record_id", "version"))
    rows = kind.model.objects.change_visible_to(actor).filter(pk__in=made)
    held = dict(rows.values_list("pk", "version"))
    changed = {pk for pk, version in held.items() if version != made[pk]}
    needed, waiting = _needed(kind, list(held))
    own = changed | _made_own(kind, list(held)) | needed
    batch = kind.delete(held.keys() - own - waiting, actor=actor)
    # Nobody misses what was made up: it does not stay in the trash.
    kind.destroy(list(batch.records), actor=TIDYING)
    own |= {pk for pk, refusal in batch.refusals.items() if isinstance(refusal, RecordInUse)}
    there = kind.model.objects.filter(pk__in=made, deleted_at=None).values_list("pk", flat=True)
    kind.samples.filter(record_id__in=own | (made.keys() - set(there))).delete()
    return len(batch.records)


def _needed(kind: Kind, ids: list[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Return which of these others belong to that stay, and which only other samples do."""
    pairs = kind.needed(ids)
    samples = set(Sample.objects.values_list("record_id", flat=True))
    waiting = {pk for pk, who in pairs if who in samples}
    return {pk for pk, who in pairs if who not in samples}, waiting


def _made_own(kind: Kind, ids: list[UUID]) -> set[UUID]:
    """Return which of these have something of somebody's that would go with them."""
    own = set(
        MergedRecord.objects.filter(survivor_id__in=ids).values_list("survivor_id", flat=True)
    )
    for follower in followers():
        if follower.counted:
            rows = follower.of(kind.model, ids)
            own |= set(rows.values_list(follower.id_field, flat=True))
    return own


def has_samples() -> bool:
    """Return whether there are sample records in the workspace."""
    return any(
        kind.model.objects.filter(pk__in=kind.samples.values("record_id"), deleted_at=None).exists()
        for kind in KINDS
    )
