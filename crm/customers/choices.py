"""The choices filters and forms offer: stages, tags, members, countries, industries, sources."""

from collections.abc import Callable, Iterable, Mapping
from typing import Self

from django_countries import countries

from core.prepared import Prepared
from core.records.registry import Choices, Text
from crm.customers.industries import Industry, industry_label
from crm.customers.models.labels import Label, LifecycleStage, Tag
from crm.customers.sources import Source
from tenants.members.models import User

EMPTY = ("", "—")


STAGES = Prepared(lambda: LifecycleStage.objects.order_by("position", "pk"))
TAGS = Prepared(lambda: Tag.objects.order_by("position", "pk"))
MEMBERS = Prepared(lambda: User.objects.filter(is_active=True).order_by("joined_at", "pk"))


def stages() -> Choices:
    return _named(STAGES.ask())


def tags() -> Choices:
    return _named(TAGS.ask())


def members() -> Choices:
    """Everybody who may own something."""
    return _people(MEMBERS.ask())


def _named(labels: Iterable[Label]) -> Choices:
    return [(str(label.pk), label.name) for label in labels]


class Called(str):
    """The name of a member, which knows their photo, so that what offers members can show it."""

    __slots__ = ("photo_url",)
    photo_url: str

    def __new__(cls, user: User) -> Self:
        name = super().__new__(cls, user.name)
        name.photo_url = user.photo_url
        return name


def _people(users: Iterable[User]) -> Choices:
    return sorted(((str(user.pk), Called(user)) for user in users), key=lambda choice: choice[1])


def industries() -> Choices:
    return sorted(((value, industry_label(value)) for value in Industry.values), key=_by_label)


def sources() -> Choices:
    return list(Source.choices)


def country_choices() -> Choices:
    return [EMPTY, *((code, str(name)) for code, name in countries)]


# What the filters above lists offer.
FOR_CONTACTS: Mapping[str, Callable[[], Choices]] = {
    "lifecycle_stage": stages,
    "tag": tags,
    "owner": members,
}
FOR_COMPANIES = {**FOR_CONTACTS, "industry": industries}


def _by_label(choice: tuple[str, Text]) -> str:
    return str(choice[1])
