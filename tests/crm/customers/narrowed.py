"""Records that say something in every field, and whoever may not see all of it."""

from typing import Any

from core.records.registry import RecordType, record_types

# What each field of a contact says, and words of it that are found nowhere else.
CONTACT: dict[str, tuple[Any, list[str]]] = {
    "title": ("Quillwright", ["quillwright"]),
    "emails": ([{"email": "zephyrine@quokka.example"}], ["zephyrine@", "quokka.example"]),
    "phones": ([{"number": "+44 20 7946 0987"}], ["7946 0987", "79460987"]),
    "addresses": ([{"street": "Nightjar Row 4", "city": "Oxbow"}], ["nightjar", "oxbow"]),
    "companies": (None, ["Thistledown"]),
    "birthday": ("1931-07-13", ["1931", "13 jul", "jul 13"]),
    "source": ("Carrier pigeon", ["carrier pigeon"]),
    "description": ("Keeps hoopoes.", ["hoopoes"]),
}
COMPANY: dict[str, tuple[Any, list[str]]] = {
    "website": ("https://www.quokka.example", ["quokka.example"]),
    "industry": ("Falconry supplies", ["falconry"]),
    "employees": (48151, ["48151", "48,151"]),
    "revenue": ("9876543.00", ["9876543", "9,876,543", "9.9m"]),
    "founded_year": (1873, ["1873"]),
    "phone": ("+44 20 7946 0987", ["7946 0987", "79460987"]),
    "street": ("Nightjar Row 4", ["nightjar"]),
    "city": ("Oxbow", ["oxbow"]),
    "district": ("Withywood", ["withywood"]),
    "province": ("Loamshire", ["loamshire"]),
    "postcode": ("ZQ9WORTEL 9QZ", ["zq9wortel"]),
    "parent": (None, ["thistledown"]),
    "source": ("Carrier pigeon", ["carrier pigeon"]),
    "description": ("Keeps hoopoes.", ["hoopoes"]),
}
PLACES = (
    "/{slug}/",
    "/{slug}/?columns={columns}",
    "/{slug}/?layout=board",
    "/{slug}/?search=Perpetua",
    "/{slug}/{pk}/",
    "/{slug}/{pk}/?kind=changes",
    "/{slug}/{pk}/edit/",
    "/{slug}/{pk}/preview/",
    "/{slug}/{pk}/access/",
    "/{slug}/{pk}/delete/",
    "/search/?q=Perpetua",
    "/{slug}/export/",
    "/api/v1/{slug}/",
    "/api/v1/{slug}/{pk}/",
    "/api/v1/{slug}/{pk}/timeline/",
    "/api/v1/{slug}/export/?columns=everything",
    "/api/v1/{slug}/export/?columns=everything&format=json",
    "/api/v1/search/?q=Perpetua",
    "/history/duplicates/",
    "/trash/",
    "/",
)


def body_of(visitor: Any, place: str) -> str:
    answer = visitor.get(place)
    assert answer.status_code < 500, place
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace").lower()


def places_of(record_type: RecordType, record: Any) -> list[str]:
    columns = ",".join(column.name for column in record_type.listing.columns)
    slug = record_type.menu.slug
    return [place.format(slug=slug, pk=record.pk, columns=columns) for place in PLACES]


def told_in(
    visitor: Any, record_type: RecordType, record: Any, fields: dict[str, Any]
) -> dict[str, list[str]]:
    """Return the fields of which one of the words is told, with the places that tell it."""
    bodies = {place: body_of(visitor, place) for place in places_of(record_type, record)}
    return {
        name: places
        for name, (_value, words) in fields.items()
        if (places := [place for place in bodies if tells(bodies[place], name, place, words)])
    }


def tells(body: str, name: str, place: str, words: list[str]) -> bool:
    # The company a field names has a page of its own, and stands in lists itself.
    is_about = "-" in place or "Perpetua" in place or name not in ("companies", "parent")
    return is_about and any(word.lower() in body for word in words)


def kind_of(model: type) -> RecordType:
    return next(each for each in record_types() if each.model is model)
