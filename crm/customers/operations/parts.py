"""The lists inside a contact: e-mail addresses, phones, postal addresses, companies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.records.writing import Problems, normalised, set_values
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.contacts import Contact
from crm.customers.models.reach import ContactAddress, ContactEmail, ContactPhone
from crm.customers.operations.plain_values import read_country, read_phone, text_of
from crm.customers.operations.references import References

type Normalisers = Callable[["Reader"], Mapping[str, Callable[[Any], Any]]]


@dataclass(frozen=True, slots=True)
class Reader:
    """What the rows of a part are read with."""

    contact: Contact
    references: References
    country: str
    known_companies: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """One list inside a contact. `fields` are a row's keys; the identity may stand in the list once."""

    name: str
    model: Any
    fields: tuple[str, ...]
    identity: str
    twice: Promise
    normalisers: Normalisers
    needs: tuple[str, ...] = field(default=())

    def is_empty(self, row: Mapping[str, Any]) -> bool:
        """Return whether nobody wrote anything into this row."""
        for name in self.fields:
            if name != "label" and row.get(name) not in (None, ""):
                return False
        return True

    def signature(self, row: Any) -> tuple[Any, ...]:
        """Return all that is said by a row, to see whether a list has changed."""
        said = [getattr(row, name if name != "company" else "company_id") for name in self.fields]
        return (*said, row.is_primary)


def _email(_reader: Reader) -> Mapping[str, Callable[[Any], Any]]:
    return {"email": text_of}


def _phone(reader: Reader) -> Mapping[str, Callable[[Any], Any]]:
    return {"number": partial(read_phone, country=reader.country)}


def _address(_reader: Reader) -> Mapping[str, Callable[[Any], Any]]:
    return {"country": read_country}


def _company(reader: Reader) -> Mapping[str, Callable[[Any], Any]]:
    return {"company": partial(_known_company, reader)}


def _known_company(reader: Reader, value: Any) -> Any:
    text = text_of(getattr(value, "pk", value))
    kept = next((each for each in reader.known_companies if str(each) == text), None)
    return kept or reader.references.company(value)


PARTS = (
    Part(
        name="emails",
        model=ContactEmail,
        fields=("email", "label"),
        identity="email",
        twice=_("This e-mail address is listed twice."),
        normalisers=_email,
        needs=("email",),
    ),
    Part(
        name="phones",
        model=ContactPhone,
        fields=("number", "label"),
        identity="number",
        twice=_("This telephone number is listed twice."),
        normalisers=_phone,
        needs=("number",),
    ),
    Part(
        name="addresses",
        model=ContactAddress,
        fields=("label", "street", "district", "city", "province", "postcode", "country"),
        identity="",
        twice=_("This address is listed twice."),
        normalisers=_address,
    ),
    Part(
        name="companies",
        model=Affiliation,
        fields=("company", "title", "started_on", "ended_on"),
        identity="company",
        twice=_("This company is listed twice."),
        normalisers=_company,
        needs=("company",),
    ),
)
RELATION = {"companies": "affiliations"}


def relation_of(part: Part) -> str:
    """Return the name under which a contact holds the part's rows."""
    return RELATION.get(part.name, part.name)


def read_part(
    part: Part, rows: Sequence[Mapping[str, Any]] | None, reader: Reader, problems: Problems
) -> list[Any]:
    """Return the rows of a list as they would be stored; what is wrong goes into `problems`."""
    read: list[Any] = []
    seen: set[Any] = set()
    normalisers = part.normalisers(reader) if rows else {}
    for number, row in enumerate(rows or ()):
        if part.is_empty(row):
            continue
        at = f"{part.name}.{number}."
        made = part.model.fresh(
            contact_id=reader.contact.pk, is_primary=bool(row.get("primary")), position=len(read)
        )
        _read_row(part, made, row, normalisers, problems, at)
        identity = getattr(made, _attribute(part.identity), None) if part.identity else None
        if identity and identity in seen:
            problems.setdefault(f"{at}{part.identity}", []).append(ValidationError(str(part.twice)))
        seen.add(identity)
        read.append(made)
    _settle_primary(part, read, problems)
    return read


def _read_row(
    part: Part,
    made: Any,
    row: Mapping[str, Any],
    normalisers: Mapping[str, Callable[[Any], Any]],
    problems: Problems,
    at: str,
) -> None:
    """Set what the row says on the one that is made of it."""
    values = {name: row[name] for name in part.fields if name in row}
    values = normalised(values, normalisers, problems=problems, at=at)
    if "company" in values:
        made.company_id = values.pop("company")
    set_values(made, values, problems=problems, at=at)
    for name in part.needs:
        if not getattr(made, _attribute(name)) and f"{at}{name}" not in problems:
            problems[f"{at}{name}"] = [
                ValidationError(_("This field is required."), code="required")
            ]
    _check_dates(made, problems, at)


def _attribute(name: str) -> str:
    return "company_id" if name == "company" else name


def _check_dates(made: Any, problems: Problems, at: str) -> None:
    start, end = getattr(made, "started_on", None), getattr(made, "ended_on", None)
    if start and end and end < start:
        error = ValidationError(_("It cannot end before it starts."), code="ends_before_start")
        problems[f"{at}ended_on"] = [error]


def _settle_primary(part: Part, rows: list[Any], problems: Problems) -> None:
    """The first row is the primary one unless another says it is."""
    primary = [row for row in rows if row.is_primary]
    if len(primary) > 1:
        problems[part.name] = [
            ValidationError(_("Only one can be the primary one."), code="two_primary")
        ]
    elif rows and not primary:
        rows[0].is_primary = True
