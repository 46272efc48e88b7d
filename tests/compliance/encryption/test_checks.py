"""Start-up refuses sealed models that could not work."""

import uuid

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from compliance.encryption.checks import check_sealed_models
from compliance.encryption.fields import SealedTextField
from compliance.encryption.indexes import ExactIndexField, PrefixIndexField
from compliance.encryption.introspection import sealed_columns
from compliance.encryption.records import SealedModel


@pytest.fixture(autouse=True)
def inside_acme():
    """Nothing here touches a database."""


@pytest.fixture
def found(monkeypatch):
    """Run the checks over these models as though they were all there is."""

    def check(*declared):
        monkeypatch.setattr(apps, "get_models", lambda **options: list(declared))
        return {error.id: error.msg for error in check_sealed_models()}

    return check


def test_the_products_own_models_are_sound():
    assert check_sealed_models() == []
    assert all(column.field.uid for column in sealed_columns())


@isolate_apps("core")
def test_two_fields_of_one_uid_are_refused(found):
    class One(SealedModel):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        name = SealedTextField(uid="same")
        city = SealedTextField(uid="same")
        email = SealedTextField()

        class Meta:
            app_label = "core"

    errors = found(One)

    assert set(errors) == {"encryption.E001", "encryption.E002"}
    assert "core.One.name, core.One.city" in errors["encryption.E002"]


@isolate_apps("core")
def test_a_sealed_model_needs_a_uuid_and_the_base_class(found):
    class One(models.Model):  # noqa: DJ008
        name = SealedTextField(uid="one")

        class Meta:
            app_label = "core"

    assert set(found(One)) == {"encryption.E003", "encryption.E004"}


@isolate_apps("core")
def test_an_index_needs_a_sealed_source(found):
    class One(SealedModel):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        name = models.TextField()
        name_index = ExactIndexField(source="name")
        prefixes = PrefixIndexField(sources=())

        class Meta:
            app_label = "core"

    assert set(found(One)) == {"encryption.E005"}


def test_fields_survive_the_trip_into_a_migration():
    for field in (
        SealedTextField(uid="one", max_length=9, blank=True),
        ExactIndexField(source="name", normalise="email", index_version=2),
        PrefixIndexField(sources=("name", "city"), index_version=2),
    ):
        field.set_attributes_from_name("f")
        _name, _path, args, kwargs = field.deconstruct()
        again = type(field)(*args, **kwargs)
        again.set_attributes_from_name("f")

        assert again.deconstruct() == field.deconstruct()
