"""The choices filters and forms offer: stages, tags, members, countries, industries, sources."""

from collections.abc import Sequence

from django_countries import countries

from core.records.registry import Text
from crm.customers.industries import Industry, industry_label
from crm.customers.models.labels import Label, LifecycleStage, Tag
from crm.customers.sources import Source
from tenants.members.models import User

type Choices = Sequence[tuple[str, Text]]
EMPTY = ("", "—")


def stages() -> Choices:
    return _labels(LifecycleStage)


def tags() -> Choices:
    return _labels(Tag)


def _labels(model: type[Label]) -> Choices:
    rows = model._default_manager.order_by("position", "pk")
    return [(str(label.pk), label.name) for label in rows]


def members() -> Choices:
    """Everybody who may own something."""
    users = User.objects.filter(is_active=True).order_by("joined_at", "pk")
    return sorted(((str(user.pk), user.name) for user in users), key=lambda choice: choice[1])


def industries() -> Choices:
    return sorted(((value, industry_label(value)) for value in Industry.values), key=_by_label)


def sources() -> Choices:
    return list(Source.choices)


def country_choices() -> Choices:
    return [EMPTY, *((code, str(name)) for code, name in countries)]


def _by_label(choice: tuple[str, Text]) -> str:
    return str(choice[1])
