"""Records that are there twice."""

import pytest

from core.records.writing import RecordGone
from crm.customers.likeness import company_key, likeness, person_key
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_companies, create_company, delete_company
from crm.customers.operations.contacts import create_contact, delete_contact
from crm.customers.records import COMPANIES, CONTACTS
from crm.history.models import Duplicate, DuplicateSearch
from crm.history.operations.duplicates import begin_search, dismiss_duplicate, likely_duplicates
from tenants.members.models import Role
from tests.conftest import nothing_written


def pairs_of(record_type):
    best = {}
    for pair in record_type.duplicates.pairs():
        key = frozenset((pair.first, pair.second))
        best[key] = max(best.get(key, (0, "")), (pair.score, pair.reason))
    return {key: reason for key, (_score, reason) in best.items()}


def person(member, **values):
    return create_contact(actor=member.as_actor(), **values)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"given_name": "三", "family_name": "张"}, {"given_name": "San", "family_name": "Zhang"}),
        ({"given_name": "Łukasz", "family_name": "Nowak"}, {"given_name": "lukasz", "family_name": "NOWAK"}),
        ({"given_name": "Ana María", "family_name": "Gil"}, {"given_name": "Ana Maria", "family_name": "Gil"}),
    ],
)  # fmt: skip
def test_a_name_is_the_same_in_any_script_and_order(first, second):
    assert person_key(**_named(first)) == person_key(**_named(second))


def _named(values):
    return {"given": values["given_name"], "family": values["family_name"]}


@pytest.mark.parametrize(
    ("first", "second", "is_near"),
    [
        ("Initech GmbH", "INITECH", True),
        ("深圳云帆科技有限公司", "深圳云帆科技", True),
        ("Pied Piper Inc.", "Pied Pieper", True),
        ("Globex", "Initech", False),
        ("Acme North", "Acme South", False),
        ("Acme Branch 1", "Acme Branch 2", False),
    ],
)
def test_companies_are_alike_but_for_their_legal_form(first, second, is_near):
    assert (likeness(company_key(first), company_key(second)) > 0.86) is is_near


def test_contacts_are_found_by_address_number_and_name(bob, ada, initech):
    same_email = person(bob, given_name="A.", emails=[{"email": "ADA@initech.com"}])
    same_number = person(bob, given_name="Zoe", phones=[{"number": "+442079460123"}])
    place = [{"company": initech.pk}]
    near = person(bob, given_name="Ada", family_name="Lovelase", companies=place)
    same_name = person(bob, given_name="ADA", family_name="Lovelace")
    person(bob, given_name="Ada", family_name="Byron")

    assert pairs_of(CONTACTS) == {
        frozenset((ada.pk, same_email.pk)): "email",
        frozenset((ada.pk, same_number.pk)): "phone",
        frozenset((ada.pk, near.pk)): "near_name",
        frozenset((ada.pk, same_name.pk)): "name",
    }


def test_a_number_of_a_whole_office_says_nothing(alice):
    for number in range(14):
        person(alice, given_name=f"P{number}", phones=[{"number": "+442079460123"}])

    assert pairs_of(CONTACTS) == {}


def test_companies_are_found_by_domain_and_name(bob, initech):
    domain = create_company(actor=bob.as_actor(), name="Other", website="https://initech.com/de")
    name = create_company(actor=bob.as_actor(), name="Initech Ltd")
    gone = create_company(actor=bob.as_actor(), name="Initech")
    delete_company(gone, actor=bob.as_actor())

    assert pairs_of(COMPANIES) == {
        frozenset((initech.pk, domain.pk)): "domain",
        frozenset((initech.pk, name.pk)): "name",
    }


def test_whoever_writes_down_somebody_known_is_told(alice, bob, ada, initech):
    values = {"given_name": "Ada", "family_name": "Lovelase"}
    reached = {"emails": [{"email": "ada@INITECH.com"}], "phones": [{"number": "12"}]}
    company = {"name": "Initek", "website": "initech.com"}

    def reasons(record_type, values, member=bob):
        found = likely_duplicates(record_type, values, actor=member.as_actor())
        return [(str(each.record), each.reason) for each in found]

    assert reasons(CONTACTS, values) == [("Ada Lovelace", "near_name")]
    assert reasons(CONTACTS, reached) == [("Ada Lovelace", "email")]
    assert reasons(COMPANIES, company) == [("Initech", "domain")]
    assert reasons(COMPANIES, {"name": "Intech"}) == [("Initech", "near_name")]
    assert reasons(CONTACTS, {}) == reasons(COMPANIES, {}) == []
    create_companies({1: {"name": "Hooli"}}, actor=alice.as_actor())
    assert reasons(COMPANIES, {"name": "Hooli"}) == []


def test_the_queue_is_filled_merged_and_dismissed(as_member, alice, ada, work):
    other = person(alice, given_name="Augusta", emails=[{"email": "ada@initech.com"}])
    third = person(alice, given_name="Ada", family_name="Lovelace")
    visitor = as_member(alice)

    visitor.post("/duplicates/contacts/search/")
    assert visitor.get("/duplicates/contacts/").context["duplicates"].is_looking
    work()
    rows = visitor.get("/duplicates/contacts/").context["duplicates"].rows

    assert [{str(each) for each in row.records} for row in rows] == [
        {"Ada Lovelace", "Augusta"}, {"Ada Lovelace"},
    ]  # fmt: skip
    visitor.post(f"/duplicates/contacts/{rows[1].pair.pk}/dismiss/")
    visitor.post("/duplicates/contacts/search/")
    work()
    assert Duplicate.objects.waiting().count() == 1
    visitor.post(rows[0].merge_url, {"ids": f"{ada.pk},{other.pk}"})
    assert visitor.get("/duplicates/contacts/").context["duplicates"].rows == []
    assert Contact.objects.filter(pk__in=[ada.pk, third.pk]).count() == 2


def test_programs_look_for_duplicates_too(as_member, alice, ada, work):
    person(alice, given_name="Augusta", emails=[{"email": "ada@initech.com"}])
    visitor = as_member(alice)

    def send(path, body):
        return visitor.post(f"/api/v1/contacts/{path}", body, content_type="application/json")

    assert send("duplicates/", {}).status_code == 202
    assert send("duplicates/", {}).json()["code"] == "already_looking"
    work()
    (pair,) = visitor.get("/api/v1/contacts/duplicates/").json()["results"]
    assert (pair["reason"], pair["score"]) == ("email", 97)
    (likely,) = send("likely-duplicates/", {"given_name": "Adda", "family_name": "Lovelace"}).json()
    assert likely["name"] == "Ada Lovelace"
    assert send("duplicates/dismiss/", {"id": pair["id"]}).status_code == 204
    assert visitor.get("/api/v1/contacts/duplicates/").json()["results"] == []


@pytest.fixture
def dismiss(door, as_member):
    """Return a function that says, by page or as a program, that a pair is none."""

    def send(member, pair):
        visitor = as_member(member)
        if door.kind == "page":
            return visitor.post(f"/duplicates/contacts/{pair.pk}/dismiss/")
        url, body = "/api/v1/contacts/duplicates/dismiss/", {"id": str(pair.pk)}
        return visitor.post(url, body, content_type="application/json")

    return send


def pair_of(first, second):
    ids = sorted((first.pk, second.pk))
    pair = Duplicate(
        record_type="contact",
        first_id=ids[0],
        second_id=ids[1],
        reason="name",
        score=64,
        seen_at=first.created_at,
    )
    pair.save(force_insert=True)
    return pair


def test_who_changes_only_their_own_records_dismisses_only_pairs_of_these(
    dismiss, as_member, alice, bob, ada
):
    bob.role = Role.objects.create(
        name="Looks around",
        grants=["customers.view_contact", "customers.change_contact:own"],
    )
    bob.save()
    hers = [person(alice, given_name=name) for name in ("Ann", "Anne")]
    theirs, mixed = pair_of(*hers), pair_of(ada, hers[0])

    with nothing_written(Duplicate):
        assert dismiss(bob, theirs).status_code == 403
        assert dismiss(bob, mixed).status_code == 403
    rows = as_member(bob).get("/duplicates/contacts/").context["duplicates"].rows
    assert {row.pair.pk: row.may_change for row in rows} == {theirs.pk: False, mixed.pk: False}

    Contact.objects.filter(pk=hers[0].pk).update(owner=bob)
    rows = as_member(bob).get("/duplicates/contacts/").context["duplicates"].rows
    assert {row.pair.pk: row.may_change for row in rows} == {theirs.pk: False, mixed.pk: True}
    assert dismiss(bob, mixed).status_code in (204, 302)
    assert list(Duplicate.objects.waiting()) == [theirs]


def test_a_pair_of_which_one_is_gone_is_not_dismissed(alice, ada):
    other = person(alice, given_name="Augusta")
    pair = pair_of(ada, other)
    delete_contact(other, actor=alice.as_actor())

    with nothing_written(Duplicate), pytest.raises(RecordGone):
        dismiss_duplicate(pair, actor=alice.as_actor(), at=ada.created_at)


def test_nobody_sees_pairs_of_records_of_others(as_member, alice, bob, carol, ada, work):
    person(alice, given_name="Augusta", emails=[{"email": "ada@initech.com"}])
    as_member(alice).post("/duplicates/contacts/search/")
    work()
    pair = Duplicate.objects.get()

    assert as_member(bob).get("/duplicates/contacts/").context["duplicates"].rows == []
    with nothing_written(Duplicate, DuplicateSearch):
        url = f"/duplicates/contacts/{pair.pk}/dismiss/"
        assert as_member(bob).post(url).status_code == 404
        assert as_member(carol).post(url).status_code == 403
        assert as_member(carol).post("/duplicates/contacts/search/").status_code == 403
    assert begin_search.__doc__
    assert dismiss_duplicate.__doc__
