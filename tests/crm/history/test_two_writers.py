"""Two people at one record at the very same moment, each in a transaction of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction

from core.isolation.scope import Workspace, bind_workspace
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contact, delete_contact, update_contact
from crm.history.conflicts import EditConflict
from tenants.members.models import User

pytestmark = pytest.mark.committing


def at_once(workspace: Workspace, *acts: Callable[[], Any]) -> list[Any]:
    """Let each act in a thread and a transaction of its own; return what it made, or its refusal."""
    together = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            with bind_workspace(workspace), transaction.atomic():
                together.wait()
                return act()
        except EditConflict as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(run, acts))


@pytest.fixture
def workspace(open_new: Callable[..., Workspace]) -> Workspace:
    return open_new("initech")


@pytest.fixture
def ada(workspace: Workspace) -> tuple[Contact, Any]:
    """A contact, and the actor who may change it."""
    with bind_workspace(workspace), transaction.atomic():
        actor = User.objects.select_related("role").get().as_actor()
        return create_contact(actor=actor, given_name="Ada", family_name="Lovelace"), actor


def now_says(workspace: Workspace, pk: Any, *names: str) -> list[Any]:
    with bind_workspace(workspace), transaction.atomic():
        contact = Contact.objects.get(pk=pk)
        return [getattr(contact, name) for name in names]


def test_different_fields_both_win(workspace, ada):
    contact, actor = ada

    def change(**changes):
        return lambda: update_contact(contact, actor=actor, changes=changes, version=1)

    done = at_once(workspace, change(title="Countess"), change(description="Analyst"))

    assert not [each for each in done if isinstance(each, EditConflict)]
    said = now_says(workspace, contact.pk, "title", "description", "version")
    assert said == ["Countess", "Analyst", 3]


def test_of_two_who_change_one_field_the_second_is_asked(workspace, ada):
    contact, actor = ada

    def change(title):
        return lambda: update_contact(contact, actor=actor, changes={"title": title}, version=1)

    done = at_once(workspace, change("Countess"), change("Analyst"))

    [refusal] = [each for each in done if isinstance(each, EditConflict)]
    [written] = now_says(workspace, contact.pk, "title")
    [clash] = refusal.clashes
    assert {clash.theirs, clash.mine} == {"Countess", "Analyst"}
    assert (clash.field, clash.theirs) == ("title", written)


def test_a_record_deleted_meanwhile_is_not_changed(workspace, ada):
    contact, actor = ada
    with bind_workspace(workspace), transaction.atomic():
        delete_contact(contact, actor=actor)

    with (
        pytest.raises(Exception, match="does not exist"),
        bind_workspace(workspace),
        transaction.atomic(),
    ):
        update_contact(contact, actor=actor, changes={"title": "Countess"})

    assert now_says(workspace, contact.pk, "title") == [""]
