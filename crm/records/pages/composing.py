"""What the form of one condition sends, made into the filter of the whole list."""

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.records.conditions.editing import put
from core.records.conditions.fields import asking
from core.records.conditions.operators import operators_of
from core.records.conditions.tree import Condition, Group, write
from core.records.filtering import language_of, tree_in
from core.records.registry import RecordType

EMPTY_MESSAGE = _("Say what to compare with.")
PLACE, FIELD, OPERATOR, VALUE = "f_at", "f_field", "f_op", "f_value"


def composed(record_type: RecordType, params: QueryDict, actor: Actor) -> str | None:
    """Return the filter with the condition the form sends; None when no form was sent.

    Raises ValidationError when the condition cannot be asked.
    """
    if not params.get(FIELD) or not params.get(OPERATOR):
        return None
    condition = _condition(record_type, params, actor)
    language = language_of(record_type)
    everything = record_type.model._default_manager.none()
    language.apply(Group("and", (condition,)), everything, asking(actor))
    return write(put(tree_in(params), params.get(PLACE, ""), condition))


def _condition(record_type: RecordType, params: QueryDict, actor: Actor) -> Condition:
    name, operator = str(params[FIELD]), str(params[OPERATOR])
    known = language_of(record_type).known(Condition(name, operator))
    values = [value.strip() for value in params.getlist(VALUE) if value.strip()]
    if operators_of(known.field.kind)[operator].takes == "nothing":
        values = []
    elif not values:
        raise ValidationError({"filter": [EMPTY_MESSAGE]})
    if known.field.find:
        values = [known.field.find(value, actor) for value in values]
    return Condition(name, operator, tuple(values))
