"""Model fields whose values are stored sealed under the key of the person they describe."""

import datetime
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute

from compliance.encryption import forms
from compliance.encryption.envelope import KEY_ID, OVERHEAD, VERSION
from compliance.encryption.errors import PlaintextRefused, SealingError, UnreadableRecord
from compliance.encryption.keyring import batch_for
from compliance.encryption.values import (
    UNOPENED,
    Draft,
    Placeholder,
    Seal,
    Sealed,
    sealer_of,
)

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:
    Field = models.Field


# Stands for a row that says nothing of whose key seals it.
_OWN: Any = object()


def subject_of(instance: models.Model) -> UUID | None:
    """Return whose key seals this record: its `sealed_subject`, by default its own id.

    None means the workspace's own key, for what belongs to nobody in particular.
    """
    named = getattr(instance, "sealed_subject", _OWN)
    return cast(UUID | None, instance.pk if named is _OWN else named)


class SealedAttribute(DeferredAttribute):
    """Opens the value when somebody looks, and remembers it on the stored value itself."""

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        if instance is None:
            return self
        value = instance.__dict__.get(self.field.attname, self)
        if value is self:
            value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            return (
                value.plain if value.plain is not UNOPENED else value.shown(self.field, instance.pk)
            )
        return value.value if isinstance(value, Draft) else value

    def __set__(self, instance: models.Model, value: Any) -> None:
        data, name = instance.__dict__, self.field.attname
        if value is None or isinstance(value, Sealed) or self.field.is_no_text(value):
            data[name] = value
            return
        before = data.get(name)
        if isinstance(before, Draft):
            before = before.replaces
        if not isinstance(before, Sealed):
            data[name] = Draft(value)
        elif not before.is_open or before.plain != value:
            data[name] = Draft(value, before)
        else:
            data[name] = before


class SealedExact(Exact):
    """Compares with nothing but NULL, no text and stored bytes."""

    def get_prep_lookup(self) -> Any:
        return self.lhs.output_field.get_prep_value(self.rhs)


class SealedField(Field):
    """Stores `encode(value)` sealed. `uid` is part of every ciphertext: it never changes.

    None is stored as NULL and an empty text as no bytes; everything else is an envelope, and the
    column's own constraint refuses anything that does not look like one.
    """

    descriptor_class = SealedAttribute
    # Values that can be changed in place are compared again before each save.
    mutable = False

    def __init__(self, *args: Any, uid: str = "", **kwargs: Any) -> None:
        self.uid = uid
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "uid": self.uid}

    def is_no_text(self, value: Any) -> bool:
        """Return whether this is stored as no bytes at all."""
        return bool(self.empty_strings_allowed and value == "")

    def encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def decode(self, plaintext: bytes) -> Any:
        raise NotImplementedError

    def get_internal_type(self) -> str:
        return "BinaryField"

    def db_check(self, connection: Any) -> str:
        column = connection.ops.quote_name(self.column)
        start = f"'\\x{VERSION:02x}'::bytea"
        return (
            f"{column} = ''::bytea"
            f" OR (octet_length({column}) >= {OVERHEAD}"
            f" AND substring({column} from 1 for 1) = {start})"
        )

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        return Sealed(value, self, batch_for(value[KEY_ID])) if value else ""

    def pre_save(self, instance: models.Model, add: Any) -> Any:
        """Seal what is new; hand back the stored bytes of what is not."""
        value = instance.__dict__.get(self.attname)
        if isinstance(value, Sealed):
            if isinstance(value.plain, Placeholder):
                raise UnreadableRecord
            if not self.mutable or not self._changed_in_place(value, instance):
                return value
            value = Draft(value.plain)
        if isinstance(value, Draft):
            value = self._sealed(value, instance, sealer_of(self.uid))
        return value

    def copier(self) -> Callable[[models.Model], Any]:
        """Return what gives the database this field of each of many rows that are written together."""
        name, seal = self.attname, sealer_of(self.uid)

        def value(row: models.Model) -> Any:
            found = row.__dict__.get(name)
            if type(found) is Draft:
                found = self._sealed(found, row, seal)
            else:
                found = self.pre_save(row, True)  # noqa: FBT003
            return found.blob if isinstance(found, Sealed) else self.get_db_prep_value(found, None)

        return value

    def opened(self, instance: models.Model) -> Any:
        """Return the instance's value; unlike the attribute, raise when it cannot be opened."""
        value = instance.__dict__.get(self.attname)
        if isinstance(value, Sealed) and isinstance(value.plain, Placeholder):
            raise value.plain.error(self.uid)
        if isinstance(value, Sealed):
            return value.opened(self, instance.pk)
        return getattr(instance, self.attname)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or value == "" or isinstance(value, Sealed):
            return value
        raise PlaintextRefused(f"A value of the sealed field {self.uid} would become SQL.")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: Any = False) -> Any:
        value = self.get_prep_value(value)
        if isinstance(value, Sealed):
            return value.blob
        return b"" if value == "" else None

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return self.get_db_prep_value(value, connection)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name in ("exact", "isnull"):
            return super().get_lookup(lookup_name)
        raise PlaintextRefused(f"{self.uid} is sealed: ask its index with where().")

    def get_transform(self, lookup_name: str) -> Any:
        raise PlaintextRefused(f"{self.uid} is sealed: the database cannot look inside.")

    def value_to_string(self, obj: models.Model) -> str:
        raise PlaintextRefused(f"{self.uid} is sealed: it leaves by exports, not by dumpdata.")

    def _changed_in_place(self, value: Sealed, instance: models.Model) -> bool:
        if not isinstance(value.plain, dict | list):
            return False
        stored = Sealed(value.blob).opened(self, instance.pk)
        return self.encode(stored) != self.encode(value.plain)

    def _sealed(self, draft: Draft, instance: models.Model, seal: Seal) -> Sealed:
        """Seal what somebody set, unless it says what the stored bytes say already."""
        if isinstance(draft.value, Placeholder):
            raise UnreadableRecord
        plaintext = self.encode(draft.value)
        if draft.replaces is not None and self._is_same(draft.replaces, plaintext, instance):
            sealed = draft.replaces
        else:
            sealed = Sealed(seal(plaintext, instance.pk, subject_of(instance)), self)
            sealed.plain = self.to_python(draft.value)
        instance.__dict__[self.attname] = sealed
        return sealed

    def _is_same(self, stored: Sealed, plaintext: bytes, instance: models.Model) -> bool:
        if isinstance(stored.plain, Placeholder):
            return False
        try:
            return self.encode(stored.opened(self, instance.pk)) == plaintext
        except SealingError:
            return False


SealedField.register_lookup(SealedExact)


class SealedTextField(SealedField):
    """Text of a person, any length unless `max_length` limits it."""

    _pyi_private_set_type: str | None
    _pyi_private_get_type: str
    _pyi_lookup_exact_type: None

    def __init__(self, *args: Any, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)
        if max_length is not None:
            self.validators.append(MaxLengthValidator(max_length))

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise PlaintextRefused(f"{self.uid} takes text, not {type(value).__name__}.")
        return value.encode()

    def decode(self, plaintext: bytes) -> str:
        return plaintext.decode()

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {"form_class": forms.CharField, "max_length": self.max_length}
        if self.max_length is None:
            options["widget"] = forms.Textarea
        if self.null:
            options["empty_value"] = None
        return super().formfield(**(options | kwargs))


_DAY = models.DateField()


class SealedDateField(SealedField):
    """A date of a person, such as a birthday."""

    _pyi_private_set_type: datetime.date | str | None
    _pyi_private_get_type: datetime.date
    _pyi_lookup_exact_type: None

    empty_strings_allowed = False

    def encode(self, value: Any) -> bytes:
        return cast(datetime.date, self.to_python(value)).isoformat().encode()

    def decode(self, plaintext: bytes) -> datetime.date:
        return datetime.date.fromisoformat(plaintext.decode())

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Placeholder) else _DAY.to_python(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**({"form_class": forms.DateField} | kwargs))


class SealedJSONField(SealedField):
    """Structured data of a person: anything JSON can say."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    _pyi_lookup_exact_type: None

    empty_strings_allowed = False
    mutable = True

    def encode(self, value: Any) -> bytes:
        return json.dumps(
            value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        ).encode()

    def decode(self, plaintext: bytes) -> Any:
        return json.loads(plaintext)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**({"form_class": forms.JSONField} | kwargs))
