"""What start-up refuses: sealed models declared unsoundly, and keys others could read."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from compliance.encryption.fields import SealedField
from compliance.encryption.indexes import IndexOfSealed, index_fields
from compliance.encryption.introspection import SealedColumn, sealed_columns
from compliance.encryption.providers import key_provider
from compliance.encryption.records import SealedModel


def check_sealed_models(**_kwargs: Any) -> list[CheckMessage]:
    """Return what is wrong with the sealed fields and indexes of the installed models."""
    columns = sealed_columns()
    return [*_uid_errors(columns), *_model_errors(columns), *_index_errors(apps.get_models())]


def refuse_faulty_keys() -> None:
    """Stop the process with a sentence when its key-encryption keys are not in order."""
    problems = key_provider().problems()
    if problems:
        raise ImproperlyConfigured(" ".join(problems))


def _uid_errors(columns: Iterable[SealedColumn]) -> list[CheckMessage]:
    owners: dict[str, list[str]] = defaultdict(list)
    for column in columns:
        owners[column.field.uid].append(str(column))
    errors: list[CheckMessage] = []
    for uid, names in owners.items():
        if not uid:
            errors += [
                Error(f"{name} is sealed without a uid.", id="encryption.E001") for name in names
            ]
        elif len(names) > 1:
            text = f"{', '.join(names)} share the uid {uid}: their values could be exchanged."
            errors.append(Error(text, id="encryption.E002"))
    return errors


def _model_errors(columns: Iterable[SealedColumn]) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    for model in {column.model for column in columns}:
        if not _has_uuid(model):
            text = f"{model._meta.label} holds sealed values and needs a UUID primary key."
            errors.append(Error(text, obj=model, id="encryption.E003"))
        if not issubclass(model, SealedModel):
            text = f"{model._meta.label} holds sealed values and is not a SealedModel."
            errors.append(Error(text, obj=model, id="encryption.E004"))
    return errors


def _has_uuid(model: type[models.Model]) -> bool:
    key: Any = model._meta.pk
    while key.remote_field:
        key = key.target_field
    return isinstance(key, models.UUIDField)


def _index_errors(installed: Iterable[type[models.Model]]) -> list[CheckMessage]:
    return [
        Error(f"{model._meta.label}.{index.attname} indexes no sealed field.", id="encryption.E005")
        for model in installed
        for index in index_fields(model)
        if not _has_sealed_sources(model, index)
    ]


def _has_sealed_sources(model: type[models.Model], index: IndexOfSealed) -> bool:
    sealed = {field.name for field in model._meta.concrete_fields if isinstance(field, SealedField)}
    return bool(index.sources) and sealed.issuperset(index.sources)
