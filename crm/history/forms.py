"""Reading what is to be done to many records: one field of the record type's own form."""

from typing import Any
from uuid import UUID

from django.http import QueryDict

from core.actors import Actor
from core.records.registry import RecordType
from crm.history.choosing import Chosen
from crm.history.orders import ACTIONS, Order

# What the bulk bar says beside the state of the list it floats above.
OWN = ("action", "field", "ids", "all", "choose", "confirmed", "csrfmiddlewaretoken")


def chosen_in(params: QueryDict, address: QueryDict) -> Chosen:
    """Return which records are meant: those ticked, or all that the list's address stands for."""
    if params.get("all"):
        query = address.copy()
        for name in OWN:
            query.pop(name, None)
        return Chosen(query=query.urlencode())
    return Chosen(ids=ids_in(params))


def ids_in(params: QueryDict) -> tuple[UUID, ...]:
    """Return the ids that are ids, each once; they may stand apart or with commas between them."""
    found: dict[UUID, None] = {}
    for text in (part for said in params.getlist("ids") for part in said.split(",")):
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return tuple(found)


class BulkForm:
    """One field of a record type's form, as it asks for the value many records are to have."""

    def __init__(
        self, record_type: RecordType, action: str, field: str, *, actor: Actor, data: Any = None
    ) -> None:
        self.action = action
        self.field_name = ACTIONS[action].field or field
        form: Any = record_type.form(data, actor=actor)
        kept = form.fields.get(self.field_name)
        form.fields = {} if kept is None else {self.field_name: kept}
        if kept is not None and self.field_name == "owner":
            kept.initial = actor.user_id
        self.form = form

    @property
    def field(self) -> Any:
        """The field as it is drawn, or None when there is nothing to ask."""
        return self.form[self.field_name] if self.form.fields else None

    def is_valid(self) -> bool:
        self.form.full_clean()
        if self.form.errors:
            return False
        if self.action in ("tag", "untag") and not self.value:
            self.form.add_error(self.field_name, self._required)
            return False
        return True

    @property
    def _required(self) -> str:
        return str(self.form.fields[self.field_name].error_messages["required"])

    @property
    def value(self) -> Any:
        return self.form.cleaned_data.get(self.field_name)

    @property
    def order(self) -> Order:
        """Return what is asked for; to be asked of a valid form."""
        return Order(self.action, self.field_name, self.value if self.form.fields else None)
