"""Stored bytes that were moved, changed or planted are refused, on every sealed field there is."""

import datetime

import pytest
from django.db import connection, transaction

from compliance.encryption import forms
from compliance.encryption.erasure import destroy_subject
from compliance.encryption.errors import KeyDestroyed, SealingError, Tampered, UnreadableRecord
from compliance.encryption.fields import SealedDateField, SealedField, SealedJSONField
from compliance.encryption.introspection import SealedColumn, sealed_columns
from compliance.encryption.values import Sealed, Unreadable, seal_value, unseal_value
from compliance.encryption.vault.database import ask
from core.ids import new_id
from tests.compliance.encryption.models import Person, Phone, Secret
from tests.conftest import inside

COLUMNS = [
    *(
        SealedColumn(model, field)
        for model in (Person, Phone, Secret)
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    ),
    *sealed_columns(),
]
SAMPLES = {SealedDateField: datetime.date(1990, 1, 2), SealedJSONField: {"a": [1, None]}}

pytestmark = pytest.mark.usefixtures("fresh_vault")
every_sealed_field = pytest.mark.parametrize(
    "field", [each.field for each in COLUMNS], ids=map(str, COLUMNS)
)


def sample(field):
    return SAMPLES.get(type(field), "jane@example.com")


def sealed(field, row, subject):
    return seal_value(field.encode(sample(field)), uid=field.uid, row=row, subject=subject)


def open_as(field, row, blob):
    return Sealed(blob).opened(field, row)


@every_sealed_field
def test_a_value_opens_where_it_was_sealed(field):
    row, subject = new_id(), new_id()

    assert open_as(field, row, sealed(field, row, subject)) == sample(field)


@every_sealed_field
def test_a_value_moved_to_another_row_is_refused(field):
    row, subject = new_id(), new_id()

    with pytest.raises(Tampered):
        open_as(field, new_id(), sealed(field, row, subject))


@every_sealed_field
def test_a_value_moved_to_any_other_column_is_refused(field):
    row, subject = new_id(), new_id()
    blob = sealed(field, row, subject)

    for other in COLUMNS:
        if other.field.uid != field.uid:
            with pytest.raises(Tampered):
                open_as(other.field, row, blob)


@every_sealed_field
def test_a_value_moved_to_another_workspace_is_refused(field, acme, globex):
    row, subject = new_id(), new_id()
    blob = sealed(field, row, subject)
    # Globex knows the same ids, so that only the keys and the binding tell them apart.
    inside(globex, lambda: sealed(field, row, subject))

    with pytest.raises(Tampered):
        inside(globex, lambda: open_as(field, row, blob))

    # Even when somebody copies the wrapped key along.
    ask(
        "INSERT INTO vault_subjectkey (tenant, key_id, subject, wrapped, epoch_id)"
        " SELECT %s, key_id, %s, wrapped, epoch_id FROM vault_subjectkey"
        " WHERE tenant = %s AND subject = %s",
        [globex.id, new_id(), acme.id, subject],
    )
    with pytest.raises(Tampered):
        inside(globex, lambda: open_as(field, row, blob))


@every_sealed_field
def test_no_byte_of_a_value_can_be_changed(field):
    row, subject = new_id(), new_id()
    blob = sealed(field, row, subject)

    for position in range(len(blob)):
        changed = bytearray(blob)
        changed[position] ^= 1
        with pytest.raises(SealingError):
            open_as(field, row, bytes(changed))


@every_sealed_field
def test_planted_plaintext_is_refused(field):
    for planted in (b"jane@example.com", b"x" * 60, field.encode(sample(field))):
        with pytest.raises(Tampered):
            open_as(field, new_id(), planted)


@every_sealed_field
def test_a_person_erased_is_erased_from_every_field(field, acme):
    row, subject = new_id(), new_id()
    blob = sealed(field, row, subject)

    destroy_subject(acme.id, subject)

    with pytest.raises(KeyDestroyed):
        open_as(field, row, blob)


def test_a_value_that_does_not_open_shows_so_and_keeps_its_record_from_being_saved(people, caplog):
    jane = people.objects.create(given_name="Jane", email="jane@example.com")
    joan = people.objects.create(given_name="Joan", email="joan@example.com")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {people._meta.db_table} SET email ="
            f" (SELECT email FROM {people._meta.db_table} WHERE id = %s) WHERE id = %s",
            [joan.pk, jane.pk],
        )

    found = people.objects.get(pk=jane.pk)

    assert isinstance(found.email, Unreadable)
    assert str(found.email) == "unreadable"
    assert "test.person.email" in caplog.text
    assert "jane" not in caplog.text.lower()
    with pytest.raises(Tampered):
        people._meta.get_field("email").opened(found)
    with pytest.raises(UnreadableRecord), transaction.atomic():
        found.save()


def test_forms_offered_are_those_of_plain_fields():
    offered = {type(each.field): type(each.field.formfield()) for each in COLUMNS}

    assert offered[SealedDateField] is forms.DateField
    assert offered[SealedJSONField] is forms.JSONField


def test_bytes_of_no_field_are_refused_without_touching_the_vault(django_assert_num_queries):
    with django_assert_num_queries(0, using="vault"), pytest.raises(Tampered):
        unseal_value(b"plain", uid="test", row=new_id())
