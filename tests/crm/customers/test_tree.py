"""The tree companies form, on their pages and in the API."""

import pytest

from crm.customers.operations.companies import create_company, delete_company, update_company
from crm.customers.operations.contacts import create_contact
from tenants.members.models import Role


@pytest.fixture
def group(alice):
    """A holding with two subsidiaries, one of which has one of its own."""
    actor = alice.as_actor()
    holding = create_company(actor=actor, name="Holding")
    north = create_company(actor=actor, name="North", parent=holding.pk)
    create_company(actor=actor, name="South", parent=holding.pk)
    create_company(actor=actor, name="North Pole", parent=north.pk)
    create_contact(actor=actor, given_name="Ada", companies=[{"company": north.pk}])
    return {"holding": holding, "north": north}


def branches(visitor, company):
    answer = visitor.get(f"/api/v1/companies/{company.pk}/tree/").json()
    return [(each["name"], each["level"], each["contacts"]) for each in answer]


def group_card(visitor, company):
    cards = visitor.get(company.get_absolute_url()).context["page"].related
    return next(card for card in cards if str(card.label) == "Group")


WHOLE = [("Holding", 0, 0), ("North", 1, 1), ("North Pole", 2, 0), ("South", 1, 0)]


@pytest.mark.parametrize("name", ["holding", "north"])
def test_every_company_of_a_group_shows_the_whole_tree(as_member, alice, group, name):
    visitor, company = as_member(alice), group[name]

    assert branches(visitor, company) == WHOLE
    card = group_card(visitor, company)
    assert [(row.label, row.level) for row in card.rows] == [row[:2] for row in WHOLE]
    assert [row.label for row in card.rows if not row.url] == [company.name]


def test_a_company_by_itself_has_no_tree(as_member, alice, initech):
    assert branches(as_member(alice), initech) == []


def test_what_one_may_not_see_is_left_out_and_what_hangs_below_it_moves_up(
    as_member, alice, bob, group
):
    update_company(group["north"], actor=alice.as_actor(), changes={"owner": bob.pk})

    assert branches(as_member(bob), group["north"]) == [("North", 0, 0)]


def test_only_contacts_one_may_see_are_counted(as_member, alice, bob, group):
    holding, north = group["holding"], group["north"]
    for company in (holding, north):
        update_company(company, actor=alice.as_actor(), changes={"owner": bob.pk})
    for _number in range(2):
        create_contact(actor=bob.as_actor(), given_name="Bo", companies=[{"company": north.pk}])
    visitor = as_member(bob)

    assert branches(visitor, holding) == [("Holding", 0, 0), ("North", 1, 2)]
    card = group_card(visitor, holding)
    assert [row.detail for row in card.rows] == ["0 contacts", "2 contacts"]
    assert branches(as_member(alice), holding)[1] == ("North", 1, 3)


def test_nobody_counts_contacts_who_may_see_none(as_member, bob, group):
    bob.role = Role.objects.create(name="Companies", grants=["customers.view_company"])
    bob.save()
    visitor = as_member(bob)

    assert branches(visitor, group["holding"]) == [(*branch[:2], None) for branch in WHOLE]
    assert {row.detail for row in group_card(visitor, group["holding"]).rows} == {""}


def test_a_deletion_counts_contacts_one_may_see_and_tells_that_there_are_others(
    as_member, alice, bob, group
):
    north = group["north"]
    update_company(north, actor=alice.as_actor(), changes={"owner": bob.pk})

    def told(member):
        return as_member(member).get(f"/companies/{north.pk}/delete/").context["consequences"]

    without = "without its place here while the company is in the trash."
    others = "Contacts you cannot see are without their place here, too."
    assert told(alice) == [f"1 contact stays and is {without}"]
    assert told(bob) == [others]
    create_contact(actor=bob.as_actor(), given_name="Bo", companies=[{"company": north.pk}])
    assert told(bob) == [f"1 contact stays and is {without}", others]
    bob.role = Role.objects.create(
        name="Companies", grants=["customers.view_company", "customers.delete_company"]
    )
    bob.save()
    assert told(bob) == []


@pytest.mark.parametrize("right", ["hidden", "masked"])
def test_a_deletion_tells_nothing_of_who_works_where_where_that_is_hidden(
    as_member, narrow, group, right
):
    visitor = as_member(narrow(contact__companies=right))

    page = visitor.get(f"/companies/{group['north'].pk}/delete/")
    assert page.context["consequences"] == []


def test_what_is_in_the_trash_hangs_in_no_tree(as_member, alice, group):
    pole = group["north"].subsidiaries.get()
    delete_company(pole, actor=alice.as_actor())

    assert [name for name, _level, _people in branches(as_member(alice), group["holding"])] == [
        "Holding",
        "North",
        "South",
    ]


def test_a_new_record_begins_with_the_company_it_was_asked_for_at(as_member, alice, eve, group):
    visitor, north = as_member(alice), group["north"]

    person = visitor.get("/contacts/new/", {"company": north.pk}).context["form"]
    company = visitor.get("/companies/new/", {"parent": north.pk}).context["form"]
    nobody = visitor.get("/contacts/new/", {"company": "x"}).context["form"]

    assert person.formsets["companies"].initial == [{"company": north, "primary": True}]
    assert company["parent"].value() == "North"
    assert nobody.formsets["companies"].initial == []
