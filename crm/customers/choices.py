"""The choices filters and forms offer: stages, tags, members, countries, industries, sources."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Value
from django_countries import countries

from core.records.registry import Choices, Text
from crm.customers.industries import Industry, industry_label
from crm.customers.models.labels import Label, LifecycleStage, Tag
from crm.customers.sources import Source
from tenants.members.models import User

EMPTY = ("", "—")


def for_lists() -> Mapping[str, Choices]:
    """Return the choices of the filters above lists, in two queries."""
    return {**_all_labels(), "owner": members(), "industry": industries()}


def _all_labels() -> dict[str, Choices]:
    """Return stages and tags, which one query reads together."""
    found: dict[str, list[tuple[str, Text]]] = defaultdict(list)
    stages, tags = _said(LifecycleStage, "lifecycle_stage"), _said(Tag, "tag")
    names = {"lifecycle_stage": LifecycleStage.names, "tag": Tag.names}
    for kind, _position, pk, key, own_name in stages.union(tags, all=True).order_by(
        "kind", "position", "pk"
    ):
        found[kind].append((str(pk), own_name or str(names[kind].get(key, key))))
    return dict(found)


def _said(model: type[Label], kind: str) -> Any:
    rows = model._default_manager.annotate(kind=Value(kind, output_field=CharField()))
    return rows.values_list("kind", "position", "pk", "key", "own_name")


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
