"""Saved mappings are listed, renamed and deleted, by whoever may import."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crm.transfer.models import SavedMapping
from crm.transfer.saving import forget_mapping, rename_mapping, save_mapping
from tenants.members.models import User
from tests.conftest import Visitor, nothing_written
from tests.crm.transfer.conftest import Bring

type LogIn = Callable[[User], Visitor]


@pytest.fixture
def saved(bring: Bring, alice: User) -> SavedMapping:
    the_import = bring("Kunde,Kopfzahl\nA,1\n", type="company", is_check=True, columns=[
        {"column": "Kunde", "field": "name"}, {"column": "Kopfzahl", "field": "employees"},
    ])  # fmt: skip
    return save_mapping(the_import, name="Old system", actor=alice.as_actor())


def test_a_mapping_gets_another_name(saved: SavedMapping, bob: User, as_member: LogIn) -> None:
    visitor = as_member(bob)
    page = visitor.get("/import/mappings/").content.decode()
    assert 'value="Old system"' in page
    assert "Companies · Kunde · Kopfzahl" in page

    visitor.post(f"/import/mappings/{saved.pk}/", {"name": "Former system"})

    assert SavedMapping.objects.get().name == "Former system"
    assert "/import/mappings/" in visitor.get("/import/").content.decode()


def test_two_mappings_of_a_type_do_not_share_a_name(
    saved: SavedMapping, bring: Bring, alice: User, as_member: LogIn
) -> None:
    other = save_mapping(
        bring("name\nB\n", type="company", is_check=True), name="CRM", actor=alice.as_actor()
    )

    answer = as_member(alice).post(f"/import/mappings/{other.pk}/", {"name": "Old system"})

    assert answer.status_code == 422
    assert "There is a mapping of this name already." in answer.content.decode()
    with pytest.raises(ValidationError):
        rename_mapping(other, name="Old system", actor=alice.as_actor())
    assert sorted(each.name for each in SavedMapping.objects.all()) == ["CRM", "Old system"]


def test_a_deleted_mapping_is_gone(saved: SavedMapping, alice: User, as_member: LogIn) -> None:
    as_member(alice).post(f"/import/mappings/{saved.pk}/delete/")

    assert not SavedMapping.objects.exists()
    assert "No saved mappings yet" in as_member(alice).get("/import/mappings/").content.decode()


def test_who_may_not_import_sees_and_changes_none(
    saved: SavedMapping, carol: User, as_member: LogIn
) -> None:
    visitor = as_member(carol)

    with nothing_written(SavedMapping):
        assert visitor.get("/import/mappings/").status_code == 403
        assert visitor.post(f"/import/mappings/{saved.pk}/", {"name": "X"}).status_code == 403
        assert visitor.post(f"/import/mappings/{saved.pk}/delete/").status_code == 403
        with pytest.raises(PermissionDenied):
            forget_mapping(saved, actor=carol.as_actor())
