"""What a record type says about itself, once; lists, pages, forms, API, import and search read it here."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django_filters import FilterSet

from core.field_rights import ALL_FIELDS, FieldRight, FieldRights
from core.forms import Form
from core.prepared import Condition
from core.records.conditions.fields import Filterable
from core.records.duplicates import Duplicates
from core.records.importing import ImportInto
from core.records.operating import Operations

type Text = str | Promise
type Value = Callable[[Any], Any]
type Kind = Literal[
    "text", "name", "record", "status", "member", "tags", "ago", "day", "number", "money",
    "sealed", "links", "lines", "flag",
]  # fmt: skip


CELL_CLASSES: dict[Kind, str] = {
    "status": "max-md:pe-4 max-md:text-end",
    "number": "num max-md:hidden",
    "money": "num max-md:hidden",
    "ago": "whitespace-nowrap text-muted-foreground max-md:hidden",
    "day": "whitespace-nowrap text-muted-foreground max-md:hidden",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list. `value` reads it from a record; `sort` names what the database orders by.

    Where the database orders only roughly, as by a sealed name's rank, `exact` puts records of
    one rank into their true order; it reads the `exact_fields`. `sort_as` computes what `sort`
    names where it is no column of the table. A column that is not shown unless somebody chooses
    it names what it `reads`; `edits` is the form's field behind it, `sums` the database's column
    that can be added up. `tells` names the fields whose values it shows, where that is not what it edits.
    """

    name: str
    label: Text
    value: Value
    kind: Kind = "text"
    sort: str = ""
    sort_as: Callable[[], Any] | None = None
    exact: Value | None = None
    exact_fields: tuple[str, ...] = ()
    is_shown: bool = True
    reads: tuple[str, ...] = ()
    edits: str = ""
    sums: str = ""
    tells: tuple[str, ...] = ()

    @property
    def cell_classes(self) -> str:
        """The classes of the column's cells: on the phone only the status stays."""
        return CELL_CLASSES.get(self.kind, "max-w-60 truncate max-md:hidden")


type Choices = Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Told:
    """A value that is read from a record without a label, and the field it tells."""

    field: str
    value: Value

    def __call__(self, record: Any) -> Any:
        return self.value(record)


@dataclass(frozen=True, slots=True)
class OrElse:
    """A value, and what is said where there is none: that tells a field of its own."""

    value: Value
    instead: Told

    def __call__(self, record: Any) -> Any:
        return self.value(record) or self.instead(record)


@dataclass(frozen=True, slots=True)
class Line:
    """What a record says of itself in one line, as under its name."""

    parts: tuple[Told, ...] = ()

    def __call__(self, record: Any) -> str:
        return " · ".join(str(said) for part in self.parts if (said := part(record)))


@dataclass(frozen=True, slots=True)
class QuickFilter:
    """A filter shown above the table; it is one of the record type's filters.

    When its listing has choices for it, it can be picked there. `describe` puts a value that is
    not among them into words.
    """

    name: str
    label: Text
    describe: Callable[[str], Text] = str


class Prepare(Hashable, Protocol):
    """Reads along what a list shows: the usual columns, and these others."""

    def __call__(self, rows: QuerySet[Any], /, *reads: str) -> QuerySet[Any]: ...


@dataclass(frozen=True, slots=True)
class Listing:
    """How records appear in a list. `choices` says what quick filters offer, by their names."""

    columns: tuple[Column, ...]
    filters: type[FilterSet]
    quick: tuple[QuickFilter, ...]
    choices: Mapping[str, Callable[[], Choices]]
    prepare: Prepare
    order: str = "-updated"
    secondary: Line = Line()
    footnote: Text = ""
    filterable: Filterable = field(default_factory=Filterable)

    def column(self, name: str) -> Column | None:
        """Return the sortable column of this name."""
        return next(
            (column for column in self.columns if column.name == name and column.sort), None
        )


@dataclass(frozen=True, slots=True)
class FieldView:
    """One labelled value on a record page; `edits` names the field of the form that changes it.

    `tells` names the fields whose values it shows, where that is not what it edits.
    """

    label: Text
    value: Value
    kind: Kind = "text"
    edits: str = ""
    tells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """A headed group of values on a record page."""

    label: Text
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """One line of a related card; in a tree the level says how deep it hangs.

    What lies in the trash may be told of without leading anywhere.
    """

    label: str
    detail: str = ""
    url: str = ""
    is_person: bool = False
    level: int = 0
    is_trashed: bool = False

    @property
    def steps(self) -> range:
        return range(self.level)


@dataclass(frozen=True, slots=True)
class Related:
    """What a related card shows: the first rows, how many there are, and where the rest and a new one are."""

    label: Text
    rows: Sequence[RelatedRow]
    count: int
    all_url: str = ""
    new_url: str = ""
    new_label: Text = ""


@dataclass(frozen=True, slots=True)
class Page:
    """How one record appears on its own page. `related` asks as the actor, so it shows what they may see."""

    groups: tuple[FieldGroup, ...]
    prepare: Callable[[QuerySet[Any]], QuerySet[Any]]
    subtitle: Line
    related: Callable[[Any, Any], Sequence[Related]]
    status: Told = Told("", lambda record: None)
    tags: Told = Told("", lambda record: ())
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """The record type's words and its place in navigation. `slug` is its address in pages and API.

    `key` is the letter after G that leads to its list; `import_url` the name of its import page.
    """

    slug: str
    icon: str
    group: Text
    label: Text
    plural: Text
    new: Text
    empty_title: Text
    empty_hint: Text
    counted: Callable[[int], str]
    key: str = ""
    import_url: str = ""


@dataclass(frozen=True, slots=True)
class Searchable:
    """How records are found by what a person types.

    `find` asks an index; `latest` says in SQL, where it can, which of what it finds a search looks
    at first: so many of those that changed last. `confirm` looks again at what was answered and
    keeps what really matches; `reads` brings along what it looks at and what a hit shows, `complete`
    what only the hits that are shown need. `near` finds what a word with a wrong letter may mean.
    `without` returns a search that looks at none of these fields: what it finds tells nothing of them.
    """

    find: Callable[[QuerySet[Any], str], QuerySet[Any]]
    confirm: Callable[[Sequence[Any], str], list[Any]]
    reads: Callable[[QuerySet[Any]], QuerySet[Any]]
    placeholder: Text
    complete: Callable[[Sequence[Any]], None] = lambda records: None
    latest: Callable[[str, int], Condition | None] = lambda text, count: None
    near: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    confirm_near: Callable[[Sequence[Any], str], list[Any]] | None = None
    without: "Callable[[frozenset[str]], Searchable] | None" = None


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Whose data the records hold: `subject` is the way from a record to the person."""

    subject: str
    note: Text = ""


@dataclass(frozen=True, slots=True)
class NoPersonalData:
    """Why records of this type hold nothing about a person."""

    reason: Text


@dataclass(frozen=True, slots=True)
class RecordType:
    """A kind of record people work with. At most twelve fields, each read by one engine.

    `rights` are those to its fields, and to those of the types it leads to: `seen_as` gives what is
    registered those of an actor.
    """

    model: type[Model]
    menu: Menu
    listing: Listing
    page: Page
    form: type[Form]
    operations: Operations
    search: Searchable
    importer: ImportInto
    events: Mapping[str, Text]
    personal_data: PersonalData | NoPersonalData
    duplicates: Duplicates
    rights: FieldRights = ALL_FIELDS

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def governed(self) -> tuple[str, ...]:
        """The fields a role can hide or keep from being changed: all but those that name a record."""
        named: tuple[str, ...] = getattr(self.model, "named_by", ())
        return tuple(name for name in self.operations.many.names if name not in named)

    @property
    def is_whole(self) -> bool:
        """Whether all its fields may be seen and changed, as by who makes one record of two."""
        return not self.rights.of_type(self.name)

    def writes(self, field: str) -> bool:
        """Return whether this field may be changed."""
        return self.rights.of(self.name, field) == FieldRight.WRITE

    def permission(self, verb: str) -> str:
        """Return the permission for doing this to records of this type: customers.add_company."""
        model: Any = self.model
        return str(model.permission(verb))

    @property
    def add_permission(self) -> str:
        return self.permission("add")

    @property
    def change_permission(self) -> str:
        return self.permission("change")

    @property
    def delete_permission(self) -> str:
        return self.permission("delete")

    @property
    def filter_url_name(self) -> str:
        return self.url_name("filter")

    @property
    def list_url_name(self) -> str:
        return self.url_name("list")

    @property
    def new_url_name(self) -> str:
        return self.url_name("new")

    @property
    def access_end_url_name(self) -> str:
        return self.url_name("access-end")

    @property
    def likely_url_name(self) -> str:
        return self.url_name("likely")

    def url_name(self, action: str = "") -> str:
        """Return the name of a page's address: company, company-list, company-new."""
        return f"{self.name}-{action}" if action else self.name


_registry: dict[type[Model], RecordType] = {}


def register(record_type: RecordType) -> RecordType:
    """Make the record type known; called once for each, when the application starts."""
    taken = {known.menu.slug for known in _registry.values()}
    if record_type.menu.slug in taken:
        raise ImproperlyConfigured(f"Two record types have the address {record_type.menu.slug}.")
    _registry[record_type.model] = record_type
    return record_type


def record_types() -> tuple[RecordType, ...]:
    """Return every record type, in the order of registration."""
    return tuple(_registry.values())


def record_type_of(model: type[Model]) -> RecordType:
    """Return what is registered for this model."""
    return _registry[model]


def record_type_named(name: str) -> RecordType | None:
    """Return the record type of this name (company), or None."""
    return next((known for known in _registry.values() if known.name == name), None)
