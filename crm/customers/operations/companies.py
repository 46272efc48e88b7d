"""Everything that can be done to a company. Pages, API, imports and automation all call these."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from compliance.encryption.records import sealed_bulk_update
from core.access import authorize
from core.actors import Actor
from core.events.bus import emit_each
from core.records.writing import Batch, explained, permitted, read_each, writable
from crm.customers.models.companies import Company, CompanyTag
from crm.customers.operations.company_values import CompanyDraft, read_company
from crm.customers.operations.family import Family, needed_by_others, orphan
from crm.customers.operations.noting import edits_of, note_updated
from crm.customers.operations.references import References, Row
from crm.customers.operations.tagging import replace_tags
from crm.history.conflicts import NO_VERSIONS, rebase
from crm.history.journal import note_created
from crm.history.trash import Bin, destroy, restore, trash

BIN = Bin(Company, "customers", guard=needed_by_others, release=orphan)


def create_company(*, actor: Actor, **fields: Any) -> Company:
    """Return a new company with these values; its owner is the actor unless one is named."""
    return create_companies({0: fields}, actor=actor).only()


def update_company(
    company: Company, *, actor: Actor, changes: Row, version: int | None = None
) -> Company:
    """Return the company with the changes made.

    With the version the changes are relative to, EditConflict names what somebody else changed since.
    """
    versions = {} if version is None else {company.pk: version}
    return update_companies({company.pk: changes}, actor=actor, versions=versions).only()


def delete_company(company: Company, *, actor: Actor) -> None:
    """Move the company to the trash; subsidiaries that do not go with it prevent it."""
    delete_companies([company.pk], actor=actor).only()


@transaction.atomic
def delete_companies(ids: Iterable[UUID], *, actor: Actor) -> Batch[Company]:
    """Move the companies to the trash; they can be restored for thirty days."""
    return trash(BIN, ids, actor=actor)


@transaction.atomic
def restore_companies(ids: Iterable[UUID], *, actor: Actor) -> Batch[Company]:
    """Take the companies out of the trash."""
    return restore(BIN, ids, actor=actor)


@transaction.atomic
def destroy_companies(ids: Iterable[UUID], *, actor: Actor) -> Batch[Company]:
    """Destroy companies that lie in the trash, for good; contacts lose their place there."""
    return destroy(BIN, ids, actor=actor)


@transaction.atomic
def create_companies(rows: Mapping[Any, Row], *, actor: Actor) -> Batch[Company]:
    """Write a company for each row that can be read, in one statement for each table."""
    authorize(actor, "customers.add_company")
    batch = _write_new({key: (Company.fresh(), row) for key, row in rows.items()}, actor)
    companies = batch.records.values()
    note_created("company", (company.pk for company in companies))
    emit_each("company.created", [(company, {}) for company in companies], actor=actor)
    return batch


@transaction.atomic
def revive_companies(rows: Mapping[UUID, Row], *, actor: Actor) -> Batch[Company]:
    """Write companies again under the ids they had, as they were before they became part of others."""
    authorize(actor, "customers.delete_company")
    return _write_new({pk: (Company(pk=pk), row) for pk, row in rows.items()}, actor)


def _write_new(rows: Mapping[Any, tuple[Company, Row]], actor: Actor) -> Batch[Company]:
    batch: Batch[Company] = Batch()
    rows = writable(rows, actor=actor, batch=batch)
    read = _reader((row for _company, row in rows.values()), actor)
    drafts = read_each(rows, read, batch)
    companies = [draft.company for draft in drafts.values()]
    for company in companies:
        company.__dict__["tags_read"] = []
    with explained(Company, CompanyTag):
        Company.objects.bulk_create(companies)
        replace_tags(CompanyTag, _tags(drafts.values()))
    return batch


@transaction.atomic
def update_companies(
    changes: Mapping[UUID, Row], *, actor: Actor, versions: Mapping[UUID, int] = NO_VERSIONS
) -> Batch[Company]:
    """Make each company's changes. One that does not exist for the actor is refused."""
    found = {company.pk: company for company in _locked(changes, actor)}
    allowed, batch = permitted(found, "customers.change_company", actor=actor)
    named = {pk: (company, changes[pk]) for pk, company in allowed.items()}
    rows = writable(named, actor=actor, batch=batch)
    read = _reader(changes.values(), actor)
    rows = rebase(rows, versions, lambda company, row: read(company, row).says(row), batch)
    drafts = read_each(rows, read, batch)
    batch.refuse_missing(changes)
    changed = {pk: draft for pk, draft in drafts.items() if draft.changed}
    batch.changed = {pk: sorted(draft.changed) for pk, draft in changed.items()}
    edits = edits_of(changed.values())
    _save(changed.values())
    note_updated("company", edits, actor=actor)
    return batch


def _reader(rows: Iterable[Row], actor: Actor) -> Callable[[Company, Row], CompanyDraft]:
    rows = list(rows)
    return partial(read_company, references=References(rows, actor), family=Family(rows))


def _locked(changes: Iterable[UUID], actor: Actor) -> Iterable[Company]:
    return Company.objects.change_visible_to(actor).with_tags().filter(pk__in=list(changes))


def _save(drafts: Iterable[CompanyDraft]) -> None:
    drafts = list(drafts)
    columns = {name for draft in drafts for name in draft.columns}
    if columns:
        with explained(Company):
            sealed_bulk_update([each.company for each in drafts], columns)
    replace_tags(CompanyTag, _tags(drafts))


def _tags(drafts: Iterable[CompanyDraft]) -> dict[Company, list[UUID]]:
    return {draft.company: draft.tags for draft in drafts if draft.tags is not None}
