"""Which fields of which models are sealed: for checks, tests and the documentation."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

from compliance.encryption.fields import SealedField


@dataclass(frozen=True, slots=True)
class SealedColumn:
    model: type[models.Model]
    field: SealedField

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"


def has_sealed_fields(model: type[models.Model]) -> bool:
    """Return whether rows of this model hold anything sealed."""
    return any(isinstance(field, SealedField) for field in model._meta.concrete_fields)


def sealed_columns() -> list[SealedColumn]:
    """Return every sealed field of every installed model, where its column is."""
    return [
        SealedColumn(model, field)
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedField)
    ]
