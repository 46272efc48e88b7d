"""Doing one thing to many records."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.records.registry import RecordType
from crm.history.choosing import Chosen
from crm.history.journal import begin_change_set
from crm.history.models.change_sets import ChangeSet
from crm.history.orders import ACTIONS, Order, editable_names


class NothingChosen(OperationError):
    """There is no record to do it to."""

    code = "nothing_chosen"
    message = _("Choose at least one record first.")
    status = 400


class CannotBeDone(OperationError):
    """There is no such thing to do, or not to this field."""

    code = "unknown_action"
    message = _("This cannot be done to several records at once.")
    status = 400


@transaction.atomic
def begin_bulk(record_type: RecordType, *, chosen: Chosen, order: Order, actor: Actor) -> ChangeSet:
    """Return a change set that waits for its records to be dealt with; few are dealt with at once."""
    action = ACTIONS.get(order.action)
    if action is None or (
        order.action == "edit" and order.field not in editable_names(record_type)
    ):
        raise CannotBeDone
    authorize(actor, record_type.permission("bulk"))
    authorize(actor, record_type.permission(action.verb))
    total = chosen.count(record_type, actor)
    if not total:
        raise NothingChosen
    kinds = {"delete": ChangeSet.Kind.DELETE}
    plan = {
        "order": order.as_json(),
        "ids": [str(pk) for pk in chosen.ids],
        "query": chosen.query,
    }
    return begin_change_set(
        kinds.get(order.action, ChangeSet.Kind.EDIT),
        record_type=record_type.name,
        actor=actor,
        action=order.action,
        fields=[order.field] if order.field else [],
        plan=plan,
        total=total,
    )
