"""Contacts from files: lists inside them, companies made on the way, how people are recognised."""

from datetime import date

from core.events.models import Event
from crm.customers.defaults import seed_customers_defaults
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import Tag
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contact
from tenants.members.models import User
from tests.conftest import nothing_written
from tests.crm.transfer.conftest import Bring, counts, reasons

PEOPLE = """\
First name;Last name;E-mail;E-mail 2;Mobile;Company;Position;Birthday;Tags;Owner;Do not call;Country
Ada;Löwe;ada@initech.com;ada@home.example;+49 151 12345678;Initech|Hooli;CTO;5.3.1990;VIP|Berlin;alice@acme.test;yes;Germany
Ben;Novak;ben@hooli.com;;;hooli;Buyer;;;;no;
"""


def test_lists_links_and_values_of_a_contact_come_in(bring: Bring, alice: User) -> None:
    the_import = bring(PEOPLE)

    assert (counts(the_import), the_import.linked) == ((2, 0, 0, 0), 2)
    ada = next(each for each in Contact.objects.all() if each.given_name == "Ada")
    assert [each.email for each in ada.listed("emails")] == ["ada@initech.com", "ada@home.example"]
    assert [each.number for each in ada.listed("phones")] == ["+4915112345678"]
    assert [each.company.name for each in ada.listed("affiliations")] == ["Initech", "Hooli"]
    assert [each.country for each in ada.listed("addresses")] == ["DE"]
    assert (ada.title, ada.birthday, ada.do_not_call) == ("CTO", date(1990, 3, 5), True)
    assert ada.owner == alice
    assert {tag.name for tag in ada.tag_list} == {"VIP", "Berlin"}
    assert sorted(Company.objects.values_list("name", flat=True)) == ["Hooli", "Initech"]


def test_the_same_people_again_change_nothing(bring: Bring) -> None:
    bring(PEOPLE)

    with nothing_written(Contact, Company, Tag, Event):
        the_import = bring(PEOPLE)

    assert counts(the_import) == (0, 0, 2, 0)


def test_a_check_writes_nothing_and_counts_the_same(bring: Bring) -> None:
    with nothing_written(Contact, Company, Tag, Event):
        the_import = bring(PEOPLE, is_check=True)

    assert (counts(the_import), the_import.linked) == ((2, 0, 0, 0), 2)


def test_a_row_adds_to_a_contact_and_empty_cells_clear_nothing(bring: Bring, alice: User) -> None:
    actor = alice.as_actor()
    ada = create_contact(
        actor=actor,
        given_name="Ada",
        family_name="Löwe",
        title="Engineer",
        emails=[{"email": "ada@old.example"}, {"email": "ada@initech.com", "label": "work"}],
        addresses=[{"city": "Berlin", "country": "DE"}],
    )

    the_import = bring(
        "email,title,phone,city,last name\nADA@initech.com,CTO,+49 151 12345678,Potsdam,\n"
    )

    assert counts(the_import) == (0, 1, 0, 0)
    ada = Contact.objects.get(pk=ada.pk)
    assert [(each.email, each.label) for each in ada.listed("emails")] == [
        ("ada@old.example", ""),
        ("ada@initech.com", "work"),
    ]
    assert (ada.title, ada.family_name) == ("CTO", "Löwe")
    assert [(each.city, each.country) for each in ada.listed("addresses")] == [("Potsdam", "DE")]
    assert Event.objects.filter(name="contact.updated").count() == 1


def test_unknown_companies_are_refused_when_none_may_be_made(bring: Bring, alice: User) -> None:
    create_company(actor=alice.as_actor(), name="Hooli")

    the_import = bring(PEOPLE, creates_linked=False)

    assert counts(the_import) == (1, 0, 0, 1)
    assert reasons(the_import) == {2: ["Company: There is no company called “Initech”."]}


def test_a_repeated_person_is_refused_naming_the_first_row(bring: Bring) -> None:
    the_import = bring(
        "name,email\nAda Löwe,ada@x.example\nBen Novak,ben@x.example\nAda L.,Ada@X.example\n"
    )

    assert counts(the_import) == (2, 0, 0, 1)
    assert reasons(the_import) == {
        4: ["email: Row 2 is about the same record. Keep one of the two."]
    }


def test_who_has_no_email_is_recognised_by_phone_and_else_by_name_and_company(bring: Bring) -> None:
    text = (
        "name,email,phone,company\n"
        "Ada Löwe,ada@x.example,+49 151 12345678,\n"
        "Ben Novak,,+49 151 87654321,\n"
        "张伟,,,华夏科技\n"
        "张伟,,,Initech\n"
        "Somebody Else,,+49 151 12345678,\n"
    )
    first = bring(text)
    with nothing_written(Contact, Event):
        second = bring(text)

    assert counts(first) == (4, 0, 0, 1)
    assert reasons(first) == {6: ["phone: Row 2 is about the same record. Keep one of the two."]}
    assert counts(second) == (0, 0, 4, 1)
    assert sorted(each.name for each in Contact.objects.all()) == [
        "Ada Löwe",
        "Ben Novak",
        "张伟",
        "张伟",
    ]


def test_what_is_wrong_names_the_column(bring: Bring) -> None:
    the_import = bring(
        "first name,email,phone,birthday,stage\n"
        "Ada,ada at home,,,\n"
        "Ben,ben@x.example,123,,\n"
        "Cleo,cleo@x.example,,4/3/1990,\n"
        "Dan,dan@x.example,,,king\n"
        ",,,,\n"
        "Eve,eve@x.example,+49 151 12345678,1990-03-04,\n"
    )

    assert counts(the_import) == (1, 0, 0, 4)
    assert reasons(the_import) == {
        2: ["email: Enter a valid email address."],
        3: [
            "phone: This is not a telephone number. Include the country code, such as +44 20 7946 0123."
        ],
        4: ["birthday: Day and month could be exchanged. Write it as 2026-11-21."],
        5: ["stage: There is no stage of this name."],
    }


def test_several_records_of_one_key_are_refused(bring: Bring, alice: User) -> None:
    for name in ("Ada", "Ada again"):
        create_contact(actor=alice.as_actor(), given_name=name, emails=[{"email": "ada@x.example"}])

    the_import = bring("first name,email\nAda,ada@x.example\n")

    assert reasons(the_import) == {
        2: ["email: 2 records fit this row. Match by another field, or put them together first."]
    }


def test_a_rep_neither_changes_nor_finds_out_about_others_contacts(
    bring: Bring, alice: User, bob: User
) -> None:
    create_contact(actor=alice.as_actor(), given_name="Ada", emails=[{"email": "ada@x.example"}])

    the_import = bring("first name,email\nAdele,ada@x.example\n", by=bob)

    assert counts(the_import) == (1, 0, 0, 0)
    owners = {each.given_name: each.owner_id for each in Contact.objects.all()}
    assert owners == {"Ada": alice.pk, "Adele": bob.pk}


def test_chinese_headers_and_names_are_understood(bring: Bring) -> None:
    seed_customers_defaults()
    tags = Tag.objects.count()

    the_import = bring(
        "姓名,邮箱,手机,公司名称,阶段,标签\n王建国,wang@x.example,+86 138 0013 8000,华夏,customer,VIP\n"
    )

    assert counts(the_import) == (1, 0, 0, 0)
    wang = Contact.objects.get()
    assert (wang.family_name, wang.given_name) == ("王", "建国")
    assert wang.lifecycle_stage
    assert wang.lifecycle_stage.key == "customer"
    assert [tag.key for tag in wang.tag_list] == ["vip"]
    assert Tag.objects.count() == tags
