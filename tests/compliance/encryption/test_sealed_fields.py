"""What a record with sealed fields does for the code that uses it."""

import copy
import datetime
import pickle

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Lower
from django.forms import modelform_factory

from compliance.encryption.errors import PlaintextRefused, UnreadableRecord
from compliance.encryption.fields import SealedTextField
from compliance.encryption.records import reseal, reveal, sealed_bulk_update
from compliance.encryption.values import Placeholder, Sealed
from tests.compliance.encryption.models import Phone, Secret

pytestmark = pytest.mark.usefixtures("people")


def stored(record, column):
    table = record._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [record.pk])
        return cursor.fetchone()[0]


def make_jane(people, **values):
    return people.objects.create(**({"given_name": "Jane", "email": "jane@example.com"} | values))


def test_values_read_back_as_they_were_written(people):
    jane = make_jane(
        people, family_name="Doe", born_on=datetime.date(1990, 1, 2), extra={"shoes": [41, 42]}
    )

    found = people.objects.get(pk=jane.pk)

    assert (found.given_name, found.family_name, found.email) == ("Jane", "Doe", "jane@example.com")
    assert found.born_on == datetime.date(1990, 1, 2)
    assert found.extra == {"shoes": [41, 42]}


def test_nothing_stays_null_and_no_text_stays_no_text(people):
    jane = make_jane(people, family_name="", nickname=None)

    found = people.objects.get(pk=jane.pk)

    assert found.nickname is None
    assert found.family_name == ""
    assert stored(jane, "nickname") is None
    assert bytes(stored(jane, "family_name")) == b""


def test_the_table_holds_no_plaintext(people):
    jane = make_jane(people, extra={"note": "Nightingale"}, born_on=datetime.date(1990, 1, 2))

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT p::text FROM {people._meta.db_table} p WHERE id = %s", [jane.pk])
        row = cursor.fetchone()[0]

    for secret in ("Jane", "jane@example.com", "Nightingale", "1990-01-02"):
        assert secret not in row
        assert secret.encode().hex() not in row


def test_saving_again_keeps_the_bytes_of_unchanged_values(people):
    jane = make_jane(people)
    before = stored(jane, "email")

    found = people.objects.get(pk=jane.pk)
    found.email = "jane@example.com"
    found.given_name = "Joan"
    found.save()

    assert stored(jane, "email") == before
    assert people.objects.get(pk=jane.pk).given_name == "Joan"


def test_a_change_inside_structured_data_is_saved(people):
    jane = make_jane(people, extra={"shoes": 41})

    found = people.objects.get(pk=jane.pk)
    found.extra["shoes"] = 42
    found.save()

    assert people.objects.get(pk=jane.pk).extra == {"shoes": 42}


def test_saving_one_field_keeps_its_indexes_in_step(people):
    jane = make_jane(people)

    jane.email = "j.doe@example.com"
    jane.save(update_fields=["email"])

    assert people.objects.where(email="j.doe@example.com").get() == jane
    assert not people.objects.where(email="jane@example.com").exists()


def test_clearing_a_value_clears_its_index(people):
    jane = people.objects.get(pk=make_jane(people).pk)

    jane.email = ""
    jane.save()

    assert stored(jane, "email_index") is None


def test_a_deferred_value_is_fetched_when_it_is_looked_at(people):
    jane = make_jane(people)

    assert people.objects.defer("email").get(pk=jane.pk).email == "jane@example.com"


def test_length_is_limited_in_characters_of_the_plaintext(people):
    jane = people(given_name="é" * 81, email="jane@example.com")

    with pytest.raises(ValidationError) as refused:
        jane.full_clean()

    assert set(refused.value.error_dict) == {"given_name"}


def test_uniqueness_is_validated_through_the_index(people):
    make_jane(people)

    with pytest.raises(ValidationError) as refused:
        people(given_name="Joan", email=" JANE@example.com").full_clean()

    assert set(refused.value.error_dict) == {"email_index"}


def test_a_form_edits_sealed_values_as_plain_ones(people):
    jane = make_jane(people, born_on=datetime.date(1990, 1, 2))
    form_class = modelform_factory(people, fields=["given_name", "nickname", "born_on", "extra"])

    page = str(form_class(instance=people.objects.get(pk=jane.pk)))
    form = form_class(
        {"given_name": "Joan", "nickname": "", "born_on": "1991-02-03", "extra": '{"a": 1}'},
        instance=jane,
    )

    assert 'value="Jane"' in page
    assert 'value="1990-01-02"' in page
    assert form.is_valid(), form.errors
    assert form.instance.given_name == "Joan"
    assert form.instance.nickname is None
    assert form.instance.born_on == datetime.date(1991, 2, 3)
    assert form.instance.extra == {"a": 1}


REFUSED = {
    "filter": lambda people: people.objects.filter(email="jane@example.com"),
    "exclude": lambda people: people.objects.exclude(email="jane@example.com"),
    "in": lambda people: people.objects.filter(email__in=["jane@example.com"]),
    "contains": lambda people: people.objects.filter(email__icontains="jane"),
    "regex": lambda people: people.objects.filter(email__regex="jane"),
    "compared with a column": lambda people: people.objects.filter(email=F("title")),
    "get_or_create": lambda people: people.objects.get_or_create(email="jane@example.com"),
    "update": lambda people: people.objects.update(email="jane@example.com"),
    "update from a column": lambda people: people.objects.update(email=F("title")),
    "update from a value": lambda people: people.objects.update(email=Value("jane@example.com")),
    "annotate": lambda people: list(
        people.objects.annotate(x=Value("jane@example.com", output_field=SealedTextField(uid="x")))
    ),
    "bulk_update": lambda people: people.objects.bulk_update(
        [people(email="jane@example.com")], ["email"]
    ),
    "order_by": lambda people: people.objects.order_by("-email"),
    "save an expression": lambda people: people.objects.create(email=Lower(F("title"))),
    "save bytes": lambda people: people.objects.create(email=b"jane@example.com"),
}


@pytest.mark.parametrize("door", REFUSED)
def test_plaintext_is_refused_at_every_door_to_the_database(people, door):
    with pytest.raises(PlaintextRefused), transaction.atomic():
        REFUSED[door](people)

    assert not people.objects.exists()


def test_the_database_itself_refuses_plaintext(people):
    jane = make_jane(people)

    for planted in (b"jane@example.com", b"x" * 60, b"\xe1"):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {people._meta.db_table} SET email = %s", [planted])

    assert people.objects.get(pk=jane.pk).email == "jane@example.com"


def test_values_come_out_sealed_and_are_revealed_on_purpose(people):
    jane = make_jane(people)
    phone = Phone.objects.create(person=jane, number="+4930123456")

    row = people.objects.values("pk", "given_name", "nickname").get()
    child = Phone.objects.values("person_id", "person__given_name").get(pk=phone.pk)

    assert isinstance(row["given_name"], Sealed)
    assert repr(row["given_name"]) == "<sealed>"
    with pytest.raises(PlaintextRefused):
        str(row["given_name"])
    assert list(reveal([row], "given_name", "nickname")) == [
        {"pk": jane.pk, "given_name": "Jane", "nickname": None}
    ]
    [opened] = reveal([child], "person__given_name", pk="person_id")
    assert opened["person__given_name"] == "Jane"


def test_pickles_and_reprs_hold_no_plaintext(people):
    jane = people.objects.get(pk=make_jane(people).pk)
    assert jane.given_name == "Jane"

    pickled = pickle.dumps(jane)

    assert b"Jane" not in pickled
    assert "Jane" not in repr(jane.__dict__)
    restored = people(id=jane.pk, given_name=copy.copy(jane.__dict__["given_name"]))
    assert restored.given_name == "Jane"


def test_a_record_with_unsaved_personal_data_is_not_pickled(people):
    draft = people(given_name="Jane")

    assert "Jane" not in repr(draft.__dict__)
    assert copy.deepcopy(draft.__dict__["given_name"]).value == "Jane"
    with pytest.raises(PlaintextRefused):
        pickle.dumps(draft)


def test_many_rows_are_updated_at_once_with_their_indexes(people):
    crowd = people.objects.bulk_create(people(email=f"p{n}@example.com") for n in range(7))
    for number, person in enumerate(crowd):
        person.email, person.title, person.nickname = (
            f"q{number}@example.com",
            f"No. {number}",
            None,
        )

    assert sealed_bulk_update(crowd, ["email", "title", "nickname"]) == 7

    assert people.objects.where(email="q3@example.com").get().title == "No. 3"
    assert not people.objects.where(email="p3@example.com").exists()


def test_a_row_that_passes_to_another_person_is_sealed_for_them(people):
    jane, joan = make_jane(people), people.objects.create(email="joan@example.com")
    phone = Phone.objects.create(person=jane, number="+4930123456")
    before = bytes(stored(phone, "number"))

    phone.person = joan
    phone.save()
    reseal([phone])

    after, joans = bytes(stored(phone, "number")), bytes(stored(joan, "email"))
    assert after[2:10] == joans[2:10] != before[2:10]
    assert Phone.objects.get(pk=phone.pk).number == "+4930123456"


def test_what_belongs_to_nobody_is_sealed_under_the_workspaces_key(people):
    secret = Secret.objects.create(token="s3cret")

    assert Secret.objects.get(pk=secret.pk).token == "s3cret"


def test_a_placeholder_is_not_saved(people):
    jane = make_jane(people)

    with pytest.raises(UnreadableRecord), transaction.atomic():
        people.objects.create(given_name=Placeholder("unreadable"))

    jane.given_name = Placeholder("unreadable")
    with pytest.raises(UnreadableRecord), transaction.atomic():
        jane.save()
    assert people.objects.get(pk=jane.pk).given_name == "Jane"
