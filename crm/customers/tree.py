"""The tree a company belongs to: from the company above all others down to the last subsidiary."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from core.access import can
from core.actors import Actor
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact

DEEPEST = 12
MOST = 200
# Upwards to the top first, then downwards from there; the depth ends what should never be a circle.
FAMILY = """
WITH RECURSIVE above AS (
    SELECT id, parent_id, 0 AS step FROM customers_company WHERE id = %s
    UNION ALL
    SELECT c.id, c.parent_id, a.step + 1 FROM customers_company c JOIN above a ON c.id = a.parent_id
    WHERE a.step < %s AND c.deleted_at IS NULL
), top AS (SELECT id FROM above ORDER BY step DESC LIMIT 1), family AS (
    SELECT c.id, 0 AS level FROM customers_company c JOIN top ON c.id = top.id
    UNION ALL
    SELECT c.id, f.level + 1 FROM customers_company c JOIN family f ON c.parent_id = f.id
    WHERE f.level < %s AND c.deleted_at IS NULL
) SELECT id FROM family LIMIT %s"""


@dataclass(frozen=True, slots=True)
class Branch:
    """A company in its tree, how deep it hangs there, and how many contacts the actor sees there.

    None where the actor does not see who works where at all.
    """

    company: Any
    level: int
    contacts: int | None


def tree_of(company: Company, actor: Actor) -> list[Branch]:
    """Return the companies of the tree the actor may see, each above its subsidiaries."""
    if not actor.fields.shows("company", "parent"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, [company.pk, DEEPEST, DEEPEST, MOST])
        ids = [pk for (pk,) in cursor.fetchall()]
    if len(ids) < 2:
        return []
    rows = Company.objects.visible_to(actor).filter(pk__in=ids)
    named = rows.only("name", "industry", "parent").order_by("name_key", "pk")
    return _arranged(list(named.annotate(people=_people(actor))))


def _people(actor: Actor) -> Any:
    """Return how many of a company's contacts the actor sees; none are told of who sees no contacts."""
    is_told = actor.fields.shows("contact", "companies")
    if not is_told or not can(actor, Contact.permission("view")):
        return Value(None, IntegerField())
    seen = Affiliation.objects.visible_to(actor).filter(company=OuterRef("pk"))
    counted = seen.order_by().values("company").annotate(people=Count("pk")).values("people")
    return Coalesce(Subquery(counted), 0)


def _arranged(companies: list[Any]) -> list[Branch]:
    """Return the companies as a tree; one whose parent is not seen hangs at the top."""
    seen = {each.pk for each in companies}
    below: dict[UUID | None, list[Any]] = defaultdict(list)
    for each in companies:
        below[each.parent_id if each.parent_id in seen else None].append(each)
    found: list[Branch] = []
    waiting = [(each, 0) for each in reversed(below[None])]
    while waiting:
        each, level = waiting.pop()
        found.append(Branch(each, level, each.people))
        waiting += [(child, level + 1) for child in reversed(below[each.pk])]
    return found
