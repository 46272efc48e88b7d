"""Lists as SCIM asks for them: filters, order, parts, and which attributes are wanted."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from scim2_models import Context, SearchRequest
from scim2_models.path import CompareOperator, Comparison

from api.scim.rendering import version_of
from api.scim.resources import TOLERANT

LARGEST_PAGE = 200
LISTS = ("attributes", "excludedAttributes")
# What one comparison finds in the database, so that the usual look-up does not read everybody.
QUICK: Mapping[str, Callable[[str], Q]] = {
    "username": lambda value: Q(scim__user_name__iexact=value) | Q(email__iexact=value),
    "externalid": lambda value: Q(scim__external_id=value),
    "emails": lambda value: Q(email__iexact=value),
    "emails.value": lambda value: Q(email__iexact=value),
    "displayname": lambda value: Q(name__iexact=value),
}


class Listing:
    """One request for a list: which rows, which part of them, which attributes."""

    def __init__(self, model: Any, asked: Mapping[str, Any]) -> None:
        known = {
            name: value.split(",") if name in LISTS and isinstance(value, str) else value
            for name, value in asked.items()
        }
        self.asked = SearchRequest[model].model_validate(
            known, scim_ctx=Context.SEARCH_REQUEST, scim_policy=TOLERANT
        )
        self.model = model

    def answer(
        self, rows: Any, resource: Callable[[Any], Any], show: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        """Return the list's body; rows are read only as far as they are needed."""
        start = self.asked.start_index or 1
        count = LARGEST_PAGE if self.asked.count is None else min(self.asked.count, LARGEST_PAGE)
        part = slice(start - 1, start - 1 + count)
        if self.asked.filter is None and self.asked.sort_by is None:
            total, found = rows.count(), [resource(row) for row in rows[part]] if count else []
        else:
            every = self._matching(rows, resource)
            total, found = len(every), every[part]
        return {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": total,
            "startIndex": start,
            "itemsPerPage": len(found),
            "Resources": [show(each) for each in found],
        }

    def _matching(self, rows: Any, resource: Callable[[Any], Any]) -> list[Any]:
        wanted = self.asked.filter
        if wanted is not None:
            rows = rows.filter(_quick(wanted.ast, self.model))
        found = [resource(row) for row in rows]
        with TOLERANT:
            matching = [each for each in found if wanted is None or wanted.match(each)]
            return list(self.asked.sort(matching))


def _quick(node: Any, model: Any) -> Q:
    """Return what narrows the rows down before they are matched; everything when nothing does."""
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq:
        return Q()
    name = str(node.attr_path).rpartition(":")[2].lower()
    is_known = name in QUICK and isinstance(node.value, str) and "\x00" not in node.value
    is_group = model.__name__ == "Group"
    if not is_known or ((name == "displayname") != is_group and name != "externalid"):
        return Q()
    return QUICK[name](str(node.value))


def shown(resource: Any, meta: dict[str, Any], asked: Any, context: Any) -> dict[str, Any]:
    """Return a resource's body with its version, and those attributes alone that are wanted."""
    whole = resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    version = version_of(whole)
    told = resource.model_dump(scim_ctx=context, response_parameters=asked)
    return {**told, "meta": {**meta, "version": version}}
