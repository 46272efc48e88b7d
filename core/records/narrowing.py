"""Record types as one actor sees them: without what their role hides, and with masks on some values.

Whatever reads a record type reads its columns, fields, filters, form and search from here, so that
what is hidden is not there to be shown, sorted by, filtered by, searched for, exported or written.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db.models import Model

from core.access import can
from core.actors import Actor
from core.field_rights import MASK, SHOWN, FieldRight, FieldRights, mask_text
from core.records.cells import Link
from core.records.conditions.fields import Filterable, FilterField
from core.records.importing import ImportInto
from core.records.registry import (
    Column,
    FieldGroup,
    FieldView,
    Line,
    Listing,
    OrElse,
    Page,
    RecordType,
    Searchable,
    Told,
    Value,
    record_type_named,
    record_type_of,
    record_types,
)

HIDDEN, MASKED, WRITE = FieldRight.HIDDEN, FieldRight.MASKED, FieldRight.WRITE
type Own = Mapping[str, FieldRight]


def seen_as(record_type: RecordType, actor: Actor) -> RecordType:
    """Return the record type with what the actor may see and change of its fields."""
    return with_rights(record_type.name, actor.fields) if actor.fields else record_type


def types_viewed_by(actor: Actor) -> list[RecordType]:
    """Return the record types of which this actor may view records at all, as they see them."""
    return [seen_as(each, actor) for each in record_types() if can(actor, each.permission("view"))]


def seen_type_named(name: str, actor: Actor) -> RecordType | None:
    """Return the record type of this name (company) as the actor sees it, or None."""
    known = record_type_named(name)
    return seen_as(known, actor) if known else None


def seen_type_of(model: type[Model], actor: Actor) -> RecordType:
    """Return what is registered for this model, as the actor sees it."""
    return seen_as(record_type_of(model), actor)


# A workspace has few roles, and many have the same ones.
@lru_cache(maxsize=1024)
def with_rights(name: str, rights: FieldRights) -> RecordType:
    """Return the record type of this name for somebody with these rights to fields."""
    record_type = record_type_named(name)
    if record_type is None:
        raise LookupError(name)
    own = rights.of_type(name)
    if not own:
        return replace(record_type, rights=rights)
    return replace(
        record_type,
        rights=rights,
        listing=_listing(record_type.listing, own, rights, _search(record_type, own)),
        page=_page(record_type.page, own),
        form=_form(record_type.form, own),
        search=_search(record_type, own),
        importer=_importer(record_type.importer, own),
    )


def is_shown(own: Own, field: str) -> bool:
    return own.get(field, WRITE) in SHOWN


def _listing(listing: Listing, own: Own, rights: FieldRights, search: Searchable) -> Listing:
    columns = tuple(
        _seen(each, own, **UNSORTED) for each in listing.columns if not _is_hidden(each, own)
    )
    filterable = listing.filterable
    asked = {name for each in filterable.fields for name in (each.name, each.quick)}
    kept = Filterable(
        tuple(each for each in filterable.fields if is_shown(own, _asked(each))),
        tuple(each for each in filterable.relations if rights.shows(*each.tells)),
    )
    left = {name for each in kept.fields for name in (each.name, each.quick)}
    unseen = frozenset((asked - left) & listing.filters.base_filters.keys())
    whole: Any = listing.filters
    filters = type(whole)(
        whole.__name__,
        (whole,),
        {"search_as": search, "unseen": unseen, **dict.fromkeys(unseen)},
    )
    return replace(
        listing,
        columns=columns,
        filters=filters,
        quick=tuple(each for each in listing.quick if each.name not in unseen),
        secondary=_line(listing.secondary, own),
        filterable=kept,
    )


def _asked(field: FilterField) -> str:
    return field.tells or field.name


def _right(view: Column | FieldView, own: Own) -> FieldRight:
    """Return what may be done with all the fields that the view tells."""
    order = list(FieldRight)
    rights = (own.get(name, WRITE) for name in view.tells or (view.edits,))
    return min(rights, key=order.index)


def _is_hidden(view: Column | FieldView, own: Own) -> bool:
    return _right(view, own) == HIDDEN


# What a masked column has no more: anything that tells of its values in another way.
UNSORTED: Mapping[str, Any] = {
    "sort": "", "sort_as": None, "exact": None, "exact_fields": (), "sums": "",
}  # fmt: skip


def _seen[View: (Column, FieldView)](view: View, own: Own, **masked: Any) -> View:
    """Return the view as far as it may be seen and changed; masked ones lose the rest too."""
    right, view = _right(view, own), replace(view, value=_plain(view.value, own))
    if right == WRITE:
        return view
    if right != MASKED:
        return replace(view, edits="")
    return replace(view, value=_masked(view.value), kind="text", edits="", **masked)


def _page(page: Page, own: Own) -> Page:
    groups = [FieldGroup(each.label, _views(each, own)) for each in page.groups]
    return replace(
        page,
        groups=tuple(each for each in groups if each.fields),
        subtitle=_line(page.subtitle, own),
        status=page.status if is_shown(own, page.status.field) else Told("", lambda record: None),
        tags=page.tags if is_shown(own, page.tags.field) else Told("", lambda record: ()),
    )


def _views(group: FieldGroup, own: Own) -> tuple[FieldView, ...]:
    return tuple(_seen(each, own) for each in group.fields if not _is_hidden(each, own))


def _line(line: Line, own: Own) -> Line:
    shown = (part for part in line.parts if is_shown(own, part.field))
    return Line(tuple(replace(part, value=_plain(part.value, own)) for part in shown))


def _plain(value: Value, own: Own) -> Value:
    """Return the value without what is said in its place, where that may not be seen."""
    if isinstance(value, OrElse) and not is_shown(own, value.instead.field):
        return value.value
    return value


def _masked(value: Value) -> Callable[[Any], str]:
    """Return what reads the value's mask: one for each of a list, nothing for nothing."""

    def read(record: Any) -> str:
        said = value(record)
        if said in (None, "", (), []):
            return ""
        return ", ".join(map(_mask_one, said if isinstance(said, list | tuple) else [said]))

    return read


def _mask_one(value: Any) -> str:
    if isinstance(value, Link):
        return mask_text(value.label)
    return mask_text(value) if isinstance(value, str) else MASK


def _form(form: Any, own: Own) -> Any:
    """Return the form without the fields that may not be written; it still knows what they are called."""
    gone = {name for name, right in own.items() if right != WRITE}
    kept: dict[str, Any] = dict.fromkeys(gone & form.base_fields.keys())
    kept["lists"] = {name: row for name, row in form.lists.items() if name not in gone}
    kept["quick"] = tuple(name for name in form.quick if name not in gone)
    groups = [(title, tuple(n for n in names if n not in gone)) for title, names in form.groups]
    kept["groups"] = tuple(group for group in groups if group[1])
    kept["whole"] = form
    return type(form)(form.__name__, (form,), {"__module__": form.__module__, **kept})


def _search(record_type: RecordType, own: Own) -> Searchable:
    search = record_type.search
    unseen = frozenset(name for name in own if not is_shown(own, name))
    return search.without(unseen) if search.without and unseen else search


def _importer(importer: ImportInto, own: Own) -> ImportInto:
    rights = ((each, own.get(importer.governed_by(each), WRITE)) for each in importer.fields)
    fields = tuple(
        replace(each, may_write=right == WRITE) for each, right in rights if right in SHOWN
    )
    return replace(importer, fields=fields)
