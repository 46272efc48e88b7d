"""What every row of a workspace has in common: an id of its own and loyalty to its workspace."""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from types import NoneType
from typing import Any, Self

from django.db import models, transaction
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute

from core.ids import new_id
from core.isolation.copying import can_copy, copy_rows
from core.isolation.scope import IsolationError, Workspace, current_scope


def _here() -> str:
    scope = current_scope()
    return scope.schema if isinstance(scope, Workspace) else ""


class WorkspaceQuerySet[M: models.Model](models.QuerySet[M]):
    """A queryset that is evaluated only in the workspace it was built in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._workspace = _here()

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._workspace = self._workspace or _here()
        return clone

    @property
    def db(self) -> str:
        """The database to ask: whatever evaluates, counts or writes through the query asks for it."""
        if self._workspace and self._workspace != _here():
            raise IsolationError(f"A query of {self._workspace} was evaluated in {_here()!r}.")
        return super().db

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Insert the rows, by COPY when there are many. Rows of another workspace are refused."""
        rows, here = list(objs), _here()
        for row in rows:
            if isinstance(row, WorkspaceModel):
                row._refuse_elsewhere(here)
        if args or kwargs or not can_copy(self.model, rows):
            return super().bulk_create(rows, *args, **kwargs)
        with transaction.atomic(using=self.db, savepoint=False):
            copy_rows(self.model, rows, using=self.db)
        return rows

    def lock(self, pk: Any) -> M:
        """Return the row, held until the transaction ends, so that two writers take turns."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class WorkspaceModel(models.Model):
    """A row that remembers which workspace it was loaded in and refuses to be written elsewhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._workspace = _here()

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[Any],
        *,
        fetch_mode: Any = None,
    ) -> Self:
        """Make the object of a stored row.

        A page reads hundreds of rows: what __init__ does for new ones, defaults and signals,
        would take longer than all queries together.
        """
        row = cls.__new__(cls)
        row._state = state = ModelState()
        state.adding, state.db = False, db
        if fetch_mode is not None:
            state.fetch_mode = fetch_mode
        row.__dict__.update(zip(field_names, values, strict=True))
        row._workspace = _here()
        return row

    @classmethod
    def fresh(cls, **values: Any) -> Self:
        """Make a new row, as calling the class does, but without its signals: imports make millions."""
        row = cls.__new__(cls)
        empty, made, plain = _defaults(cls)
        data = row.__dict__
        data.update(empty)
        data["_state"], data["_workspace"] = ModelState(), _here()
        for name, make in made:
            if name not in values:
                setattr(row, name, make())
        for name, value in values.items():
            if name in plain:
                data[name] = value
            else:
                setattr(row, name, value)
        return row

    def _refuse_elsewhere(self, here: str) -> None:
        if self._workspace != here:
            raise IsolationError(f"A row of {self._workspace!r} was written in {here!r}.")

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_elsewhere(_here())
        super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_elsewhere(_here())
        return super().delete(*args, **kwargs)


@cache
def _defaults(
    model: type[models.Model],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], frozenset[str]]:
    """Return what fields of a new row are empty or say, how the others get their values, and which are plain.

    A plain field's attribute keeps a value as it is; the others have something to do when they are set.
    """
    empty: dict[str, Any] = {}
    made: list[tuple[str, Callable[[], Any]]] = []
    for field in model._meta.concrete_fields:
        is_made = field.has_db_default() or (field.has_default() and callable(field.default))
        if not is_made and type(field.get_default()) in (bool, int, str, NoneType):
            empty[field.attname] = field.get_default()
        else:
            made.append((field.attname, field.get_default))
    kept = (DeferredAttribute, ForeignKeyDeferredAttribute)
    plain = {
        field.attname
        for field in model._meta.concrete_fields
        if type(getattr(model, field.attname)) in kept
    }
    return empty, made, frozenset(plain)
