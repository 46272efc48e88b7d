"""Everything that can be done to a contact. Pages, API, imports and automation all call these."""

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import transaction

from compliance.encryption.records import sealed_bulk_update
from core.access import authorize
from core.actors import Actor
from core.events.bus import emit_each
from core.records.writing import Batch, explained, permitted, read_each, writable
from crm.customers.models.contacts import Contact, ContactTag
from crm.customers.operations.contact_values import ContactDraft, read_contact
from crm.customers.operations.noting import edits_of, note_updated
from crm.customers.operations.parts import PARTS, relation_of
from crm.customers.operations.references import References, Row
from crm.customers.operations.tagging import replace_tags
from crm.history.conflicts import NO_VERSIONS, rebase
from crm.history.journal import note_created
from crm.history.trash import Bin, destroy, restore, trash

BIN = Bin(Contact, "customers")


def create_contact(*, actor: Actor, **fields: Any) -> Contact:
    """Return a new contact with these values; its owner is the actor unless one is named."""
    return create_contacts({0: fields}, actor=actor).only()


def update_contact(
    contact: Contact, *, actor: Actor, changes: Row, version: int | None = None
) -> Contact:
    """Return the contact with the changes made. A list that is given replaces the whole list.

    With the version the changes are relative to, EditConflict names what somebody else changed since.
    """
    versions = {} if version is None else {contact.pk: version}
    return update_contacts({contact.pk: changes}, actor=actor, versions=versions).only()


def delete_contact(contact: Contact, *, actor: Actor) -> None:
    """Move the contact to the trash with all that belongs to it."""
    delete_contacts([contact.pk], actor=actor).only()


@transaction.atomic
def delete_contacts(ids: Iterable[UUID], *, actor: Actor) -> Batch[Contact]:
    """Move the contacts to the trash; they can be restored for thirty days."""
    return trash(BIN, ids, actor=actor)


@transaction.atomic
def restore_contacts(ids: Iterable[UUID], *, actor: Actor) -> Batch[Contact]:
    """Take the contacts out of the trash."""
    return restore(BIN, ids, actor=actor)


@transaction.atomic
def destroy_contacts(ids: Iterable[UUID], *, actor: Actor) -> Batch[Contact]:
    """Destroy contacts that lie in the trash, for good, with the keys that seal them."""
    return destroy(BIN, ids, actor=actor)


@transaction.atomic
def create_contacts(rows: Mapping[Any, Row], *, actor: Actor) -> Batch[Contact]:
    """Write a contact for each row that can be read, in one statement for each table."""
    authorize(actor, "customers.add_contact")
    batch = _write_new({key: (Contact.fresh(), row) for key, row in rows.items()}, actor)
    contacts = batch.records.values()
    note_created("contact", (contact.pk for contact in contacts))
    emit_each("contact.created", [(contact, {}) for contact in contacts], actor=actor)
    return batch


@transaction.atomic
def revive_contacts(rows: Mapping[UUID, Row], *, actor: Actor) -> Batch[Contact]:
    """Write contacts again under the ids they had, as they were before they became part of others."""
    authorize(actor, "customers.delete_contact")
    return _write_new({pk: (Contact(pk=pk), row) for pk, row in rows.items()}, actor)


def _write_new(rows: Mapping[Any, tuple[Contact, Row]], actor: Actor) -> Batch[Contact]:
    batch: Batch[Contact] = Batch()
    rows = writable(rows, actor=actor, batch=batch)
    references = References((row for _contact, row in rows.values()), actor)
    drafts = read_each(rows, partial(read_contact, references=references), batch)
    with explained(Contact):
        Contact.objects.bulk_create([draft.contact for draft in drafts.values()])
    _write_parts(drafts.values())
    return batch


@transaction.atomic
def update_contacts(
    changes: Mapping[UUID, Row], *, actor: Actor, versions: Mapping[UUID, int] = NO_VERSIONS
) -> Batch[Contact]:
    """Make each contact's changes. One that does not exist for the actor is refused."""
    found = {contact.pk: contact for contact in _locked(changes, actor)}
    allowed, batch = permitted(found, "customers.change_contact", actor=actor)
    named = {pk: (contact, changes[pk]) for pk, contact in allowed.items()}
    rows = writable(named, actor=actor, batch=batch)
    read = partial(read_contact, references=References(changes.values(), actor))
    rows = rebase(rows, versions, lambda contact, row: read(contact, row).says(row), batch)
    drafts = read_each(rows, read, batch)
    batch.refuse_missing(changes)
    changed = {pk: draft for pk, draft in drafts.items() if draft.changed}
    batch.changed = {pk: sorted(set(draft.changed)) for pk, draft in changed.items()}
    edits = edits_of(changed.values())
    _save(list(changed.values()))
    note_updated("contact", edits, actor=actor)
    return batch


def _locked(changes: Mapping[UUID, Row], actor: Actor) -> Iterable[Contact]:
    """Return the rows to change, with the lists that somebody may have changed."""
    named = set(chain.from_iterable(row.keys() for row in changes.values()))
    lists = [relation_of(part) for part in PARTS if part.name in named]
    rows = Contact.objects.change_visible_to(actor).with_tags().filter(pk__in=list(changes))
    return rows.with_lists(*lists) if lists else rows


def _save(drafts: list[ContactDraft]) -> None:
    columns = {name for draft in drafts for name in draft.columns}
    if columns:
        with explained(Contact):
            sealed_bulk_update([draft.contact for draft in drafts], columns)
    for part in PARTS:
        replaced = [draft.contact.pk for draft in drafts if part.name in draft.parts]
        if replaced:
            part.model._default_manager.filter(contact_id__in=replaced).delete()
    _write_parts(drafts)


def _write_parts(drafts: Iterable[ContactDraft]) -> None:
    """Store the new lists, and let each contact know its own without asking the database."""
    drafts = list(drafts)
    for part in PARTS:
        rows = [row for draft in drafts for row in draft.parts.get(part.name, ())]
        if rows:
            with explained(part.model):
                part.model._default_manager.bulk_create(rows)
        for draft in drafts:
            if part.name in draft.parts or draft.is_new:
                draft.contact.keep_list(relation_of(part), draft.parts.get(part.name, []))
    for draft in drafts:
        if draft.is_new:
            draft.contact.__dict__["tags_read"] = []
    replace_tags(
        ContactTag, {draft.contact: draft.tags for draft in drafts if draft.tags is not None}
    )
