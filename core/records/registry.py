"""What a record type says about itself, once; lists, pages, forms, API, import and search read it here."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django_filters import FilterSet

from core.access import can
from core.actors import Actor
from core.forms import Form
from core.prepared import Condition
from core.records.conditions.fields import Filterable
from core.records.duplicates import Duplicates
from core.records.importing import ImportInto

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
    that can be added up.
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

    @property
    def cell_classes(self) -> str:
        """The classes of the column's cells: on the phone only the status stays."""
        return CELL_CLASSES.get(self.kind, "max-w-60 truncate max-md:hidden")


type Choices = Sequence[tuple[str, Text]]


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
    secondary: Value = str
    footnote: Text = ""
    filterable: Filterable = field(default_factory=Filterable)

    def column(self, name: str) -> Column | None:
        """Return the sortable column of this name."""
        return next(
            (column for column in self.columns if column.name == name and column.sort), None
        )


@dataclass(frozen=True, slots=True)
class FieldView:
    """One labelled value on a record page; `edits` names the field of the form that changes it."""

    label: Text
    value: Value
    kind: Kind = "text"
    edits: str = ""


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
    subtitle: Value
    related: Callable[[Any, Any], Sequence[Related]]
    status: Value = field(default=lambda record: None)
    tags: Value = field(default=lambda record: ())
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
class ManyOperations:
    """The same writers for many records at once; each answers with a Batch.

    `update` takes {id: changes}, the others take ids. `delete` moves to the trash, `restore` takes
    out of it, `destroy` ends what lies there. `says` reads a record's values, all those `names`
    or some of them, in the words `update` takes. Of {id: changes}, `lost` names for each record the
    fields that name somebody or something not there any more, with the reason; only `refers` can.
    """

    update: Callable[..., Any]
    delete: Callable[..., Any]
    restore: Callable[..., Any]
    destroy: Callable[..., Any]
    says: Callable[[Any, Collection[str]], dict[str, Any]]
    names: tuple[str, ...]
    lost: Callable[..., dict[UUID, dict[str, str]]]
    refers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelatedRows:
    """Rows of another table that point at a record. `once_per` may point at a record only once.

    `primary` names the flag that one of the rows of what `once_per` names has to carry. `counted`
    says a number of them in words, `trashed` names when what they stand for went to the trash.
    """

    model: Any
    field: str
    once_per: str = ""
    primary: str = ""
    counted: Callable[[int], str] | None = None
    trashed: str = ""

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field}"


@dataclass(frozen=True, slots=True)
class Merging:
    """How records of this type become one. `united` names the lists that are joined, and by what
    their rows are recognised; `parents` the fields that name another record of this same type.

    `revive` makes records again with the ids they had, of what they said: {id: values}.
    """

    revive: Callable[..., Any]
    united: Mapping[str, str]
    related: tuple[RelatedRows, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operations:
    """The only writers, each with the permission it asks for. `consequences` says what a deletion takes along."""

    create: Callable[..., Any]
    update: Callable[..., Any]
    delete: Callable[..., Any]
    many: ManyOperations
    merging: Merging
    consequences: Callable[[Any], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Searchable:
    """How records are found by what a person types.

    `find` asks an index; `latest` says in SQL, where it can, which of what it finds a search looks
    at first: so many of those that changed last. `confirm` looks again at what was answered and
    keeps what really matches; `reads` brings along what it looks at and what a hit shows, `complete`
    what only the hits that are shown need. `near` finds what a word with a wrong letter may mean.
    """

    find: Callable[[QuerySet[Any], str], QuerySet[Any]]
    confirm: Callable[[Sequence[Any], str], list[Any]]
    reads: Callable[[QuerySet[Any]], QuerySet[Any]]
    placeholder: Text
    complete: Callable[[Sequence[Any]], None] = lambda records: None
    latest: Callable[[str, int], Condition | None] = lambda text, count: None
    near: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    confirm_near: Callable[[Sequence[Any], str], list[Any]] | None = None


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
    """A kind of record people work with. At most twelve fields, each read by one engine."""

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

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

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


def types_viewed_by(actor: Actor) -> list[RecordType]:
    """Return the record types of which this actor may view records at all."""
    return [each for each in record_types() if can(actor, each.permission("view"))]


def record_type_of(model: type[Model]) -> RecordType:
    """Return what is registered for this model."""
    return _registry[model]


def record_type_named(name: str) -> RecordType | None:
    """Return the record type of this name (company), or None."""
    return next((known for known in _registry.values() if known.name == name), None)
