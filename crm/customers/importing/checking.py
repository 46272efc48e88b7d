"""Reading rows as the operations would, without writing: what an import's check shows."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from core.access import authorize
from core.actors import Actor
from core.records.writing import Batch, permitted, read_each
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import Tag
from crm.customers.operations.company_values import read_company
from crm.customers.operations.contact_values import ContactDraft, read_contact
from crm.customers.operations.family import Family
from crm.customers.operations.parts import PARTS, relation_of
from crm.customers.operations.references import References

type Rows[R] = Mapping[Any, tuple[R, Mapping[str, Any]]]


def check_companies(rows: Rows[Company], *, actor: Actor) -> Batch[Company]:
    """Set each row's values on its company; say what is wrong and what would change."""
    written = [row for _company, row in rows.values()]
    read = partial(read_company, references=References(written, actor), family=Family(written))
    batch, drafts = _check("company", rows, read, actor)
    _show_tags({draft.company: draft.tags for draft in drafts.values()})
    return batch


def check_contacts(rows: Rows[Contact], *, actor: Actor) -> Batch[Contact]:
    """Set each row's values on its contact; say what is wrong and what would change."""
    references = References([row for _contact, row in rows.values()], actor)
    batch, drafts = _check("contact", rows, partial(read_contact, references=references), actor)
    for draft in drafts.values():
        _show_lists(draft, references)
    _show_tags({draft.contact: draft.tags for draft in drafts.values()})
    return batch


def _check(
    name: str, rows: Rows[Any], read: Callable[[Any, Any], Any], actor: Actor
) -> tuple[Batch[Any], dict[Any, Any]]:
    known = {key: record for key, (record, _row) in rows.items() if not record._state.adding}
    allowed, batch = permitted(known, f"customers.change_{name}", actor=actor)
    new = {key: record for key, (record, _row) in rows.items() if record._state.adding}
    if new:
        authorize(actor, f"customers.add_{name}")
    readable = {key: (record, rows[key][1]) for key, record in (allowed | new).items()}
    drafts = read_each(readable, read, batch)
    batch.changed = {
        key: sorted(set(draft.changed)) for key, draft in drafts.items() if draft.changed
    }
    return batch, drafts


def _show_lists(draft: ContactDraft, references: References) -> None:
    contact = draft.contact
    known = (
        {}
        if draft.is_new
        else {link.company_id: link.company for link in contact.listed("affiliations")}
    )
    for link in draft.parts.get("companies", ()):
        link.company = known.get(link.company_id) or references.companies[link.company_id]
    for part in PARTS:
        if part.name in draft.parts:
            contact.keep_list(relation_of(part), draft.parts[part.name])


def _show_tags(wanted: Mapping[Any, list[Any] | None]) -> None:
    """Let the records show the tags they would have."""
    known = {tag.pk: tag for tag in Tag.objects.all()} if any(wanted.values()) else {}
    for record, tags in wanted.items():
        if tags is not None:
            record.__dict__["tags_read"] = [known[pk] for pk in tags]
