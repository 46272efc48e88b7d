"""What a member who leaves owned goes to a successor: as change sets, which can be taken back."""

from typing import Any
from urllib.parse import urlencode

from core.actors import Actor
from core.records.registry import RecordType, record_types
from crm.history.jobs import do_now_or_later
from crm.history.journal import begin_change_set
from crm.history.models.change_sets import ChangeSet
from crm.history.orders import Order
from crm.history.running import HANDED_OVER
from tenants.members.leaving import on_leaving
from tenants.members.models import User


@on_leaving
def hand_over(member: User, successor: User | None, *, actor: Actor) -> None:
    """Assign everything the member owns to the successor: at once, or behind the page when it is much."""
    if successor is None:
        return
    if actor.user_id == member.pk:
        # Whoever goes can finish nothing any more.
        actor = successor.as_actor()
    for record_type in record_types():
        rows: Any = record_type.model._default_manager
        if total := rows.filter(owner=member, deleted_at=None).count():
            the_set = _begin(record_type, member, successor, actor, total)
            do_now_or_later(the_set)


def _begin(
    record_type: RecordType, member: User, successor: User, actor: Actor, total: int
) -> ChangeSet:
    order = Order("assign", "owner", str(successor.pk))
    query = urlencode({"filter": f"owner:any:{member.pk}"})
    return begin_change_set(
        ChangeSet.Kind.EDIT,
        record_type=record_type.name,
        actor=actor,
        action=HANDED_OVER,
        fields=["owner"],
        plan={"order": order.as_json(), "ids": [], "query": query},
        total=total,
    )
