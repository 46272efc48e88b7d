"""What is written down when records change."""

from contextvars import copy_context

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.isolation.scope import IsolationError, _bound, _scope
from crm.customers.models.contacts import Contact
from crm.customers.operations import company_values, contact_values
from crm.customers.operations.companies import create_companies, update_company
from crm.customers.operations.contacts import create_contacts, update_contact, update_contacts
from crm.customers.operations.parts import PARTS
from crm.customers.operations.sayings import COMPANY_NAMES, CONTACT_NAMES
from crm.history.journal import begin_change_set, change_set, continuing, current_change_set_id
from crm.history.models import Change, ChangeSet, Portion
from tests.crm.customers.conftest import events_of


def test_a_change_is_written_down_as_its_operation_would_take_it_back(bob, ada, initech, vip):
    before = {
        "title": "",
        "tags": [],
        "emails": [{"email": "ada@initech.com", "label": "work", "primary": True}],
        "companies": [
            {
                "company": str(initech.pk),
                "title": "Analyst",
                "started_on": None,
                "ended_on": None,
                "primary": True,
            }
        ],
    }
    after = {"title": "Countess", "tags": [str(vip.pk)], "emails": [], "companies": []}

    update_contact(ada, actor=bob.as_actor(), changes=after)

    change = Change.objects.get()
    assert (change.before, change.after) == (before, after)
    assert change.fields == ["companies", "emails", "tags", "title"]
    assert (change.record_id, change.version, change.change_set_id) == (ada.pk, 2, None)
    assert change.actor_label == bob.name
    update_contact(ada, actor=bob.as_actor(), changes=change.before)
    assert Change.objects.order_by("version").last().after == before


def test_a_company_says_what_follows_from_a_change_too(bob, initech):
    update_company(initech, actor=bob.as_actor(), changes={"revenue": "1200", "founded_year": 1998})

    change = Change.objects.get()
    assert change.before == {"currency": "", "founded_year": None, "revenue": None}
    assert change.after["revenue"] == "1200.00"
    assert change.after["currency"] != ""


def test_what_is_said_is_sealed_under_the_persons_own_key(bob, ada):
    update_contact(ada, actor=bob.as_actor(), changes={"family_name": "Byron-Canary"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM history_change t")
        assert "Canary" not in cursor.fetchone()[0]
    assert Change.objects.get().sealed_subject == ada.pk


def test_nothing_is_written_down_when_nothing_changes(bob, ada):
    update_contact(ada, actor=bob.as_actor(), changes={"given_name": "Ada"})

    assert not Change.objects.exists()


def test_the_event_tells_the_version(bob, ada):
    update_contact(ada, actor=bob.as_actor(), changes={"title": "Countess"})

    assert events_of().get(name="contact.updated").payload == {"fields": ["title"], "version": 2}


def test_a_set_groups_what_is_written_inside_it(bob, ada):
    actor = bob.as_actor()
    with change_set("edit", record_type="contact", actor=actor) as the_set:
        update_contact(ada, actor=actor, changes={"title": "Countess"})
        create_companies({1: {"name": "One"}, 2: {"name": "Two"}}, actor=actor)
    update_contact(ada, actor=actor, changes={"title": "Analyst"})

    the_set.refresh_from_db()
    assert (the_set.state, the_set.updated, the_set.created) == (ChangeSet.State.DONE, 1, 2)
    assert the_set.owner_id == bob.pk
    assert [change.version for change in the_set.changes.all()] == [2]
    assert [len(portion.ids) for portion in Portion.objects.filter(role="created")] == [2]
    assert Change.objects.get(change_set=None).version == 3


def test_a_set_goes_on_in_later_batches(bob, ada):
    actor = bob.as_actor()
    the_set = begin_change_set("import", record_type="contact", actor=actor, label="people.csv")
    for family in ("Byron", "King"):
        with continuing(the_set.pk):
            update_contacts({ada.pk: {"family_name": family}}, actor=actor)
            create_contacts({0: {"given_name": family}}, actor=actor)

    the_set.refresh_from_db()
    assert (the_set.updated, the_set.created, the_set.state) == (2, 2, ChangeSet.State.RUNNING)
    assert current_change_set_id() is None


def test_many_new_records_cost_an_array_of_ids(alice):
    actor = alice.as_actor()
    rows = {number: {"given_name": f"N{number}"} for number in range(120)}
    with CaptureQueriesContext(
        connection,
    ) as plain:
        create_contacts(rows, actor=actor)
    with (
        change_set("import", record_type="contact", actor=actor),
        CaptureQueriesContext(connection) as noted,
    ):
        create_contacts(rows, actor=actor)

    assert len(noted) - len(plain) <= 4
    assert Portion.objects.count() == 1
    assert not Change.objects.exists()
    assert Contact.objects.count() == 240


def test_a_set_of_one_workspace_takes_nothing_of_another(bob, globex):
    def elsewhere():
        _bound.set(globex)
        _scope.set(globex)
        current_change_set_id()

    opened = change_set("edit", record_type="contact", actor=bob.as_actor())
    with opened, pytest.raises(IsolationError):
        copy_context().run(elsewhere)


def test_whatever_can_be_changed_can_be_said():
    lists = {part.name for part in PARTS}
    relations = {"owner", "lifecycle_stage", "tags"}

    assert set(CONTACT_NAMES) == {*contact_values.PLAIN, *lists, *relations}
    assert set(COMPANY_NAMES) == {*company_values.PLAIN, *relations, "parent"}
