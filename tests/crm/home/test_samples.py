"""Sample data goes again in one click, and nothing goes with it that somebody works with."""

import pytest

from core.records.registry import record_type_of
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import Tag
from crm.customers.operations.companies import create_company, delete_company, update_company
from crm.customers.operations.contacts import create_contact, update_contact
from crm.files.operations import add_file
from crm.history.operations.merging import merge_records
from crm.home.models import Sample
from crm.home.samples.operations import add_samples, has_samples, remove_samples
from crm.notes.operations import add_note
from tenants.members.models import Role
from tests.conftest import make_member, nothing_written


@pytest.fixture
def samples(alice):
    """Two dozen companies and their people, as Alice has added them."""
    add_samples(actor=alice.as_actor())


@pytest.fixture
def mark(samples):
    return Tag.objects.get(key="sample")


def of(model):
    """Return which records of the kind there are; the trash is looked into as well."""
    return set(model.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("role", [Role.Key.REP, Role.Key.MARKETER, Role.Key.ADMIN])
def test_a_tag_makes_nobody_a_sample(as_member, mark, alice, role):
    member = make_member("mo@acme.test", role)
    person = create_contact(actor=member.as_actor(), given_name="Real", tags=[mark.pk])
    firm = create_company(actor=member.as_actor(), name="Real Ltd", tags=[mark.pk])

    for each in (member, alice):
        as_member(each).post("/samples/remove/")

    assert (of(Contact), of(Company)) == ({person.pk}, {firm.pk})
    assert Contact.objects.get().given_name == "Real"
    assert Contact.objects.get().deleted_at is None


def test_where_there_never_were_samples_none_are_removed(as_member, alice):
    mark = Tag.objects.create(key="sample", position=99)
    create_contact(actor=alice.as_actor(), given_name="Real", tags=[mark.pk])

    with nothing_written(Contact):
        assert "Remove sample data" not in as_member(alice).get("/").content.decode()
        as_member(alice).post("/samples/remove/")

    assert Contact.objects.get().deleted_at is None


def test_what_somebody_changed_stays_and_is_a_sample_no_more(as_member, samples, alice):
    actor = alice.as_actor()
    person, firm = Contact.objects.order_by("pk").first(), Company.objects.order_by("pk").last()
    update_contact(person, changes={"title": "Head of everything"}, actor=actor)
    update_company(firm, changes={"city": "Bremen"}, actor=actor)
    at = set(person.affiliations.values_list("company_id", flat=True))

    page = as_member(alice).post("/samples/remove/", follow=True).content.decode()

    assert (of(Contact), of(Company)) == ({person.pk}, {firm.pk, *at})
    assert not Sample.objects.exists()
    assert "Remove sample data" not in page
    as_member(alice).post("/samples/remove/")
    assert of(Contact) == {person.pk}


def test_what_somebody_wrote_on_or_merged_into_stays(samples, alice):
    actor = alice.as_actor()
    noted, filed, merged = Contact.objects.order_by("pk")[:3]
    add_note(noted, html="<p>Called</p>", actor=actor)
    add_file(filed, name="offer.txt", chunks=[b"text"], actor=actor)
    real = create_contact(actor=actor, emails=[{"email": "r@x.example"}])
    merge_records(
        record_type_of(Contact), survivor=merged.pk, others=[real.pk], choices={}, actor=actor
    )

    remove_samples(actor=actor)

    assert of(Contact) == {noted.pk, filed.pk, merged.pk}


def test_a_company_stays_that_a_real_person_or_company_belongs_to(samples, alice):
    actor = alice.as_actor()
    theirs, parent = Company.objects.order_by("pk")[:2]
    real = create_contact(actor=actor, given_name="Real", companies=[{"company": theirs.pk}])
    daughter = create_company(actor=actor, name="Daughter", parent=parent.pk)

    remove_samples(actor=actor)

    assert (of(Contact), of(Company)) == ({real.pk}, {theirs.pk, parent.pk, daughter.pk})
    assert not has_samples()


def test_samples_are_not_left_in_the_trash(samples, alice):
    people = len(of(Contact))

    assert remove_samples(actor=alice.as_actor()) == people + 24

    assert (of(Contact), of(Company)) == (set(), set())


def test_a_sample_in_the_trash_is_nobodys_sample_any_more(samples, alice):
    firm = Company.objects.order_by("pk").first()
    delete_company(firm, actor=alice.as_actor())

    remove_samples(actor=alice.as_actor())

    assert of(Company) == {firm.pk}
    assert not has_samples()


def test_who_may_delete_their_own_removes_their_own(bob, samples, alice):
    own = set(Contact.objects.filter(owner=bob).values_list("pk", flat=True))
    assert own

    remove_samples(actor=bob.as_actor())

    assert not own & of(Contact)
    assert of(Contact) == set(Contact.objects.exclude(owner=bob).values_list("pk", flat=True))
    assert has_samples()
    remove_samples(actor=alice.as_actor())
    assert (of(Contact), of(Company), has_samples()) == (set(), set(), False)


def test_a_viewer_removes_nothing(as_member, carol, samples):
    with nothing_written(Contact, Company, Sample):
        as_member(carol).post("/samples/remove/")

    assert has_samples()
