"""One record is shared with somebody who would not reach it otherwise."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import now

from core.events.models import Event
from core.records.registry import record_type_of
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contact, delete_contact, destroy_contacts
from crm.history.jobs import do_now_or_later
from crm.history.operations.merging import merge_records
from crm.history.operations.undoing import begin_undo
from crm.sharing.operations import end_share, share_record
from tenants.members.models import RecordShare, Role, Team, User
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


@pytest.fixture(params=["page", "api"])
def share(request, as_member):
    """Share a record with a member as this member, through the page or the API."""

    def by_page(sharer, record, member, level="view"):
        url = f"/contacts/{record.pk}/access/"
        said = {"recipient": f"member:{member.pk}", "level": level}
        return as_member(sharer).post(url, said)

    def by_api(sharer, record, member, level="view"):
        url = f"/api/v1/contacts/{record.pk}/shares/"
        said = {"member": str(member.pk), "level": level}
        return as_member(sharer).post(url, said, content_type="application/json")

    return by_page if request.param == "page" else by_api


def test_pages_and_programs_share(share, alice, bob, contact):
    assert share(alice, contact, bob).status_code in (201, 302)

    shared = RecordShare.objects.get()
    assert (shared.user, shared.level, shared.shared_by) == (bob, "view", alice)


def test_pages_and_programs_share_nothing_of_others(share, bob, carol, contact):
    with nothing_written(RecordShare, Event):
        assert share(bob, contact, carol).status_code == 404
        assert share(carol, contact, bob).status_code == 403


def test_strangers_are_nobody_to_share_with(share, alice, eve, contact):
    with nothing_written(RecordShare, Event):
        assert share(alice, contact, eve).status_code in (400, 422)


def test_the_page_and_the_api_tell_who_sees_a_record(as_member, alice, bob, contact):
    share_record(contact, level="view", actor=alice.as_actor(), member=bob)
    visitor = as_member(bob)

    page = visitor.get(f"/contacts/{contact.pk}/access/").content.decode()
    told = visitor.get(f"/api/v1/contacts/{contact.pk}/access/").json()

    assert "Shared with them by" in page
    assert "recipient" not in page
    assert {each["name"]: (bool(each["view"]), bool(each["change"])) for each in told} == {
        alice.name: (True, True),
        bob.name: (True, False),
    }


@pytest.mark.parametrize("door", ["page", "api"])
def test_what_was_shared_is_ended(as_member, alice, bob, contact, door):
    shared = share_record(contact, level="view", actor=alice.as_actor(), member=bob)
    visitor = as_member(alice)
    with nothing_written(RecordShare):
        assert _end(as_member(bob), contact, shared, door).status_code == 403

    assert _end(visitor, contact, shared, door).status_code in (204, 302)

    assert not RecordShare.objects.exists()


def _end(visitor, contact, shared, door):
    if door == "page":
        return visitor.post(f"/contacts/{contact.pk}/access/{shared.pk}/end/")
    return visitor.delete(f"/api/v1/contacts/{contact.pk}/shares/{shared.pk}/")


def merge(survivor, other, member):
    kind, actor = record_type_of(Contact), User.objects.get(pk=member.pk).as_actor()
    return merge_records(kind, survivor=survivor.pk, others=[other.pk], choices={}, actor=actor)


def test_merging_shares_nothing_that_its_doer_may_not_share(as_member, alice, bob, contact):
    scopes = ("view", "change:all", "delete:own", "share:own")
    named = [each.partition(":") for each in scopes]
    grants = [f"customers.{verb}_contact{colon}{scope}" for verb, colon, scope in named]
    bob.role = Role.objects.create(name="Merger", grants=[*grants, "customers.add_contact"])
    bob.save(update_fields=["role"])
    dan = make_member("dan@acme.test", Role.Key.REP)
    dummy = create_contact(given_name="Dummy", actor=bob.as_actor())
    share_record(dummy, level="change", actor=bob.as_actor(), member=dan)
    with pytest.raises(PermissionDenied):
        share_record(contact, level="change", actor=bob.as_actor(), member=dan)

    _record, the_set = merge(contact, dummy, bob)

    visitor = as_member(dan)
    for pk in (contact.pk, dummy.pk):
        assert visitor.get(f"/contacts/{pk}/").status_code == 404
        assert visitor.get(f"/api/v1/contacts/{pk}/").status_code == 404
    assert not RecordShare.objects.filter(record_id=contact.pk).exists()

    do_now_or_later(begin_undo(the_set, actor=alice.as_actor(), at=now()))

    assert RecordShare.objects.get(user=dan).record_id == dummy.pk


def test_what_was_shared_goes_along_into_a_record_of_ones_own(bob, carol):
    kept, other = (create_contact(given_name="Zoe", actor=bob.as_actor()) for _each in range(2))
    share_record(other, level="change", actor=bob.as_actor(), member=carol)

    merge(kept, other, bob)

    assert RecordShare.objects.get(user=carol).record_id == kept.pk
