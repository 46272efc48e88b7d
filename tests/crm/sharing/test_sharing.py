"""One record is shared with somebody who would not reach it otherwise."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.events.models import Event
from core.records.registry import record_type_of
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contact, delete_contact, destroy_contacts
from crm.history.operations.merging import merge_records
from crm.sharing.operations import end_share, share_record
from tenants.members.models import RecordShare, Role, Team
from tests.conftest import make_member, nothing_written


@pytest.fixture
def contact(alice):
    return create_contact(given_name="Zoe", actor=alice.as_actor())


def test_a_shared_record_opens_by_page_and_api(as_member, alice, bob, contact):
    visitor = as_member(bob)
    urls = (f"/contacts/{contact.pk}/", f"/api/v1/contacts/{contact.pk}/")
    assert [visitor.get(url).status_code for url in urls] == [404, 404]

    share = share_record(contact, level="view", actor=alice.as_actor(), member=bob)

    assert [visitor.get(url).status_code for url in urls] == [200, 200]
    end_share(share, actor=alice.as_actor())
    assert [visitor.get(url).status_code for url in urls] == [404, 404]
    assert list(
        Event.objects.filter(name__endswith="shared").order_by("pk").values_list("name", flat=True)
    ) == ["contact.shared", "contact.unshared"]


def test_shared_again_the_new_level_counts(alice, bob, contact):
    for level in ("view", "change"):
        share_record(contact, level=level, actor=alice.as_actor(), member=bob)

    assert RecordShare.objects.get().level == "change"


def test_nobody_shares_what_they_may_not_do(alice, bob, carol, contact):
    share_record(contact, level="view", actor=alice.as_actor(), member=bob)
    own = create_contact(given_name="Own", actor=bob.as_actor())

    with nothing_written(RecordShare, Event):
        for record, level in ((contact, "view"), (contact, "change")):
            with pytest.raises(PermissionDenied):
                share_record(record, level=level, actor=bob.as_actor(), member=carol)
        with pytest.raises(PermissionDenied):
            share_record(own, level="view", actor=carol.as_actor(), member=carol)
    assert share_record(own, level="change", actor=bob.as_actor(), member=carol).user == carol


def test_a_record_is_shared_with_exactly_one_who_works_here(alice, bob, contact):
    team = Team.objects.create(name="North")
    left = make_member("left@acme.test", Role.Key.REP, is_active=False)

    with nothing_written(RecordShare, Event):
        for whom in ({}, {"member": bob, "team": team}, {"member": left}):
            with pytest.raises(ValidationError):
                share_record(contact, level="view", actor=alice.as_actor(), **whom)
        with pytest.raises(ValidationError):
            share_record(contact, level="everything", actor=alice.as_actor(), member=bob)


def test_what_was_shared_follows_a_merge_and_ends_with_the_record(alice, bob, contact):
    other = create_contact(given_name="Zoey", actor=alice.as_actor())
    share_record(other, level="view", actor=alice.as_actor(), member=bob)

    merge_records(
        record_type_of(Contact),
        survivor=contact.pk,
        others=[other.pk],
        choices={},
        actor=alice.as_actor(),
    )
    assert RecordShare.objects.get().record_id == contact.pk

    contact.refresh_from_db()
    delete_contact(contact, actor=alice.as_actor())
    destroy_contacts([contact.pk], actor=alice.as_actor())
    assert not RecordShare.objects.exists()
