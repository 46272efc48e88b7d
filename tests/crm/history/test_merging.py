"""Making one record of several, and several of one again."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from compliance.encryption.errors import SealingError
from compliance.encryption.values import seal_value
from core.events.models import Event
from core.records.writing import RecordGone
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_company, revive_companies
from crm.customers.operations.contacts import create_contact, revive_contacts, update_contact
from crm.customers.operations.references import lost_references
from crm.customers.records import COMPANIES, CONTACTS
from crm.history.jobs import do_now_or_later
from crm.history.models import Change, ChangeSet, MergedRecord
from crm.history.operations.merging import WrongNumber, merge_records
from crm.history.operations.undoing import begin_undo
from tests.conftest import leave, nothing_written
from tests.crm.history.test_bulk import said


def merge(member, record_type, survivor, *others, **choices):
    ids = [each.pk for each in others]
    return merge_records(
        record_type, survivor=survivor.pk, others=ids, choices=choices, actor=member.as_actor()
    )


def undo(member, the_set):
    the_set.refresh_from_db()
    return do_now_or_later(begin_undo(the_set, actor=member.as_actor(), at=now()))


@pytest.fixture
def augusta(bob, initech, vip):
    """The same person again, with more to say."""
    return create_contact(
        actor=bob.as_actor(),
        given_name="Augusta",
        family_name="King",
        title="Countess",
        birthday="1815-12-10",
        emails=[{"email": "ADA@initech.com"}, {"email": "ada@home.org", "label": "home"}],
        phones=[{"number": "+44 20 7946 0999"}],
        addresses=[{"street": "St James's Square", "city": "London", "country": "GB"}],
        companies=[{"company": initech.pk, "title": "Owner"}],
        tags=[vip.pk],
    )


def test_a_record_whose_owner_has_left_is_taken_apart_all_the_same(alice, bob, carol, ada):
    hers = create_contact(actor=alice.as_actor(), family_name="King", owner=carol.pk)
    _survivor, the_set = merge(alice, CONTACTS, ada, hers)
    leave(carol)

    undo(alice, the_set)

    assert lost_references({1: {"owner": carol.pk}}, actor=alice.as_actor()).keys() == {1}
    owners = {each.family_name: each.owner_id for each in Contact.objects.all()}
    assert owners == {"Lovelace": bob.pk, "King": alice.pk}


def test_lists_are_joined_and_empty_values_filled(bob, ada, augusta):
    merge(bob, CONTACTS, ada, augusta)

    (one,) = Contact.objects.all()
    assert (one.pk, one.name, one.title) == (ada.pk, "Ada Lovelace", "Countess")
    emails = [(each.email, each.is_primary) for each in one.listed("emails")]
    assert emails == [("ada@initech.com", True), ("ada@home.org", False)]
    assert [each.title for each in one.listed("affiliations")] == ["Analyst"]
    assert [tag.key for tag in one.tag_list] == ["vip"]
    assert len(one.listed("addresses")) == 1


def test_each_value_is_chosen(bob, ada, augusta):
    merge(bob, CONTACTS, ada, augusta, given_name=augusta.pk, emails=augusta.pk, title=ada.pk)

    (one,) = Contact.objects.all()
    assert (one.name, one.title) == ("Augusta Lovelace", "")
    assert [each.email for each in one.listed("emails")] == ["ADA@initech.com", "ada@home.org"]


def test_the_key_of_the_merged_person_is_destroyed(acme, bob, ada, augusta, work):
    update_contact(augusta, actor=bob.as_actor(), changes={"title": "Lady"})
    merge(bob, CONTACTS, ada, augusta)
    work()

    with pytest.raises(SealingError):
        seal_value(b"x", uid="crm.contact.title", row=augusta.pk, subject=augusta.pk)
    assert Change.objects.get(record_id=augusta.pk).after == {"title": "Lady"}
    assert MergedRecord.objects.get().snapshot["said"]["family_name"] == "King"


@pytest.mark.parametrize("worker_comes_first", [True, False])
def test_a_merge_is_taken_back_entirely(bob, ada, augusta, work, worker_comes_first):
    update_contact(augusta, actor=bob.as_actor(), changes={"language": "en"})
    before = said(CONTACTS, bob)
    times = dict(Contact.objects.values_list("pk", "created_at"))
    events = set(Event.objects.filter(subject_id=augusta.pk).values_list("pk", flat=True))

    _one, the_set = merge(bob, CONTACTS, ada, augusta, given_name=augusta.pk)
    assert not Event.objects.filter(subject_id=augusta.pk).exists()
    if worker_comes_first:
        work()
    undone = undo(bob, the_set)
    work()

    assert (undone.state, undone.refused) == (ChangeSet.State.DONE, 0)
    assert said(CONTACTS, bob) == before
    assert dict(Contact.objects.values_list("pk", "created_at")) == times
    found = Event.objects.filter(subject_id=augusta.pk).values_list("pk", flat=True)
    assert events <= set(found)
    assert not MergedRecord.objects.exists()
    again = Contact.objects.get(pk=augusta.pk)
    update_contact(again, actor=bob.as_actor(), changes={"family_name": "Byron"})
    assert Contact.objects.get(pk=augusta.pk).family_name == "Byron"
    assert Change.objects.filter(record_id=augusta.pk).order_by("version")[0].after == {
        "language": "en"
    }


@pytest.fixture
def initrode(bob, initech, ada):
    """A company that is the same as Initech, with people and subsidiaries of its own."""
    actor = bob.as_actor()
    initrode = create_company(actor=actor, name="Initrode", revenue="10", parent=initech.pk)
    create_company(actor=actor, name="Branch", parent=initrode.pk)
    create_contact(actor=actor, given_name="Peter", companies=[{"company": initrode.pk}])
    both = [
        {"company": initech.pk, "title": "First"},
        {"company": initrode.pk, "title": "Second", "primary": True},
    ]
    create_contact(actor=actor, given_name="Milton", companies=both)
    return initrode


def places():
    rows = Affiliation.objects.order_by("pk")
    return {(r.contact_id, r.company_id, r.title, r.is_primary, r.position) for r in rows}


@pytest.mark.parametrize("stays", ["initech", "initrode"])
def test_people_and_subsidiaries_move_with_a_company_and_back(bob, initech, initrode, work, stays):
    survivor, other = (initech, initrode) if stays == "initech" else (initrode, initech)
    before, placed = said(COMPANIES, bob), places()

    _one, the_set = merge(bob, COMPANIES, survivor, other)

    assert {company for _contact, company, *_rest in places()} == {survivor.pk}
    assert all(is_primary for *_place, is_primary, _position in places())
    branch = Company.objects.get(name="Branch")
    assert branch.parent_id == survivor.pk
    survivor.refresh_from_db()
    assert survivor.parent_id is None
    work()
    undo(bob, the_set)
    work()
    assert said(COMPANIES, bob) == before
    assert places() == placed


def test_merges_in_a_row_lead_to_the_last_and_back(bob, ada, augusta, work):
    third = create_contact(actor=bob.as_actor(), given_name="Third")
    before = said(CONTACTS, bob)
    _one, first = merge(bob, CONTACTS, augusta, third)
    work()
    _one, second = merge(bob, CONTACTS, ada, augusta)
    work()

    assert set(MergedRecord.objects.values_list("survivor_id", flat=True)) == {ada.pk}
    undo(bob, second)
    undo(bob, first)
    work()

    assert said(CONTACTS, bob) == before


def test_undo_keeps_what_others_wrote_on_the_one_that_stayed(alice, bob, ada, augusta):
    _one, the_set = merge(bob, CONTACTS, ada, augusta)
    update_contact(ada, actor=alice.as_actor(), changes={"title": "Queen"})

    undone = undo(bob, the_set)

    assert Contact.objects.get(pk=ada.pk).title == "Queen"
    assert Contact.objects.get(pk=augusta.pk).title == "Countess"
    assert undone.refused == 1


def test_refusals_merge_nothing(alice, bob, carol, ada, augusta):
    hers = create_contact(actor=alice.as_actor(), given_name="Hers")

    with nothing_written(Contact, Change, ChangeSet, MergedRecord, Event):
        with pytest.raises(PermissionDenied):
            merge(carol, CONTACTS, ada, augusta)
        with pytest.raises(RecordGone):
            merge(bob, CONTACTS, ada, hers)
        with pytest.raises(WrongNumber):
            merge(bob, CONTACTS, ada, ada)
        with pytest.raises(PermissionDenied):
            revive_contacts({}, actor=carol.as_actor())
        with pytest.raises(PermissionDenied):
            revive_companies({}, actor=carol.as_actor())
