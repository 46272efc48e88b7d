"""What can be done to contacts, through both doors."""

import pytest
from django.utils.translation import override

from crm.customers.forms.contacts import ContactForm
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import (
    create_contact,
    create_contacts,
    update_contact,
    update_contacts,
)
from tests.crm.customers.conftest import events_of


def test_a_contact_is_added_with_its_lists(door, bob, initech, vip):
    company = initech.name if door.kind == "page" else str(initech.pk)
    response = door.create(
        bob,
        "contacts",
        {
            "given_name": "Ada",
            "family_name": "Lovelace",
            "emails": [{"email": "ada@initech.com", "label": "work"}, {"email": "ada@home.org"}],
            "phones": [{"number": "020 7946 0123", "label": "work"}],
            "companies": [{"company": company, "title": "Analyst"}],
            "tags": [str(vip.pk)],
        },
    )

    assert response.status_code in (201, 302)
    ada = Contact.objects.get()
    assert ada.name == "Ada Lovelace"
    assert [(each.email, each.label, each.is_primary) for each in ada.listed("emails")] == [
        ("ada@initech.com", "work", True),
        ("ada@home.org", "", False),
    ]
    assert [(each.number, each.is_primary) for each in ada.listed("phones")] == [
        ("+442079460123", True)
    ]
    assert [(each.company_id, each.title) for each in ada.listed("affiliations")] == [
        (initech.pk, "Analyst")
    ]
    assert [tag.key for tag in ada.tag_list] == ["vip"]
    assert events_of().filter(name="contact.created", subject_id=ada.pk).count() == 1


def test_a_contact_needs_something_to_be_found_by(door, bob):
    response = door.create(bob, "contacts", {"title": "Analyst"})

    assert response.status_code == door.refused
    assert list(door.errors(response)) == ["family_name"]
    assert not Contact.objects.exists()
    assert not events_of().exists()


@pytest.mark.parametrize("number", ["zzz", "12", "+44"])
def test_a_wrong_number_is_refused_in_its_row(door, bob, number):
    values = {"given_name": "Ada", "phones": [{"number": "+4930123456"}, {"number": number}]}

    response = door.create(bob, "contacts", values)

    assert response.status_code == door.refused
    assert list(door.errors(response)) == ["phones.1.number"]
    assert not Contact.objects.exists()


def test_the_same_address_twice_is_refused(door, bob):
    values = {"given_name": "Ada", "emails": [{"email": "a@b.org"}, {"email": "a@b.org"}]}

    response = door.create(bob, "contacts", values)

    assert list(door.errors(response)) == ["emails.1.email"]
    assert not Contact.objects.exists()


def test_two_primary_addresses_are_refused(door, bob):
    emails = [{"email": "a@b.org", "primary": True}, {"email": "c@d.org", "primary": True}]

    response = door.create(bob, "contacts", {"given_name": "Ada", "emails": emails})

    assert response.status_code == door.refused
    assert not Contact.objects.exists()


def test_the_last_of_a_list_can_be_made_primary(door, bob, ada):
    emails = [
        {"email": "ada@initech.com", "label": "work"},
        {"email": "new@home.org", "primary": True},
    ]

    door.update(
        bob, "contacts", ada.pk, {"given_name": "Ada", "family_name": "Lovelace", "emails": emails}
    )

    ada = Contact.objects.get()
    assert ada.main("emails").email == "new@home.org"
    assert events_of().get(name="contact.updated").payload == {"fields": ["emails"], "version": 2}


def test_a_company_nobody_may_see_cannot_be_named(door, alice, bob):
    hidden = create_company(actor=alice.as_actor(), name="Hooli")
    company = "Hooli" if door.kind == "page" else str(hidden.pk)

    response = door.create(
        bob, "contacts", {"given_name": "Ada", "companies": [{"company": company}]}
    )

    assert list(door.errors(response)) == ["companies.0.company"]
    assert not Contact.objects.exists()


def test_a_viewer_may_look_but_not_change(door, carol, ada):
    assert door.open(carol, "contacts", ada.pk).status_code == 200
    assert door.create(carol, "contacts", {"given_name": "Eve"}).status_code == 403
    assert door.update(carol, "contacts", ada.pk, {"given_name": "Eve"}).status_code == 403
    assert door.delete(carol, "contacts", ada.pk).status_code == 403

    assert Contact.objects.get().given_name == "Ada"


def test_a_rep_does_not_find_the_contacts_of_others(door, alice, bob):
    hidden = create_contact(actor=alice.as_actor(), given_name="Hidden")

    assert door.open(bob, "contacts", hidden.pk).status_code == 404
    assert door.update(bob, "contacts", hidden.pk, {"given_name": "Mine"}).status_code == 404
    assert door.delete(bob, "contacts", hidden.pk).status_code == 404
    assert door.names(bob, "contacts") == []
    assert door.names(bob, "contacts", search="hidden") == []


def test_deleting_a_contact_leaves_one_event(door, bob, ada):
    assert door.delete(bob, "contacts", ada.pk).status_code in (204, 302)

    assert not Contact.objects.visible_to(bob.as_actor()).exists()
    assert events_of().filter(name="contact.deleted", subject_id=ada.pk).count() == 1


def test_search_finds_beginnings_of_names_in_both_scripts(door, alice):
    actor = alice.as_actor()
    create_contact(actor=actor, given_name="Katarzyna", family_name="Wiśniewska")
    create_contact(actor=actor, given_name="建国", family_name="王")

    assert door.names(alice, "contacts", search="kat") == ["Katarzyna Wiśniewska"]
    assert door.names(alice, "contacts", search="wisn kata") == ["Katarzyna Wiśniewska"]
    assert door.names(alice, "contacts", search="王建") == ["王建国"]
    assert door.names(alice, "contacts", search="wangjian") == ["王建国"]
    assert door.names(alice, "contacts", search="zyna") == []


def test_search_finds_whole_addresses_and_numbers(door, bob, ada):
    assert door.names(bob, "contacts", search="ADA@initech.com") == ["Ada Lovelace"]
    assert door.names(bob, "contacts", search="020 7946 0123") == ["Ada Lovelace"]
    assert door.names(bob, "contacts", search="ada@") == ["Ada Lovelace"]
    assert door.names(bob, "contacts", search="lovelace@") == []


def test_lists_sort_by_the_sealed_name(door, alice):
    actor = alice.as_actor()
    for family in ("Smith", "Smart", "Aalto", "Smythe"):
        create_contact(actor=actor, given_name="Jo", family_name=family)
    create_contact(actor=actor, given_name="建国", family_name="王")

    ascending = ["Jo Aalto", "Jo Smart", "Jo Smith", "Jo Smythe", "王建国"]
    assert door.names(alice, "contacts", sort="name") == ascending
    assert door.names(alice, "contacts", sort="-name") == ascending[::-1]


def test_filters_narrow_the_list(door, alice, ada, initech, vip):
    create_contact(
        actor=alice.as_actor(),
        given_name="Zoe",
        tags=[vip.pk],
        addresses=[{"city": "Kiel", "country": "DE"}],
    )

    assert door.names(alice, "contacts", company=str(initech.pk)) == ["Ada Lovelace"]
    assert door.names(alice, "contacts", tag=str(vip.pk)) == ["Zoe"]
    assert door.names(alice, "contacts", country="DE") == ["Zoe"]


def test_a_batch_writes_the_good_rows_and_explains_the_others(alice):
    rows = {
        2: {"given_name": "Ann", "emails": [{"email": "ann@example.com"}]},
        3: {"given_name": "Ben", "emails": [{"email": "no address"}]},
        4: {"title": "Nobody"},
    }

    batch = create_contacts(rows, actor=alice.as_actor())

    assert [contact.name for contact in batch.records.values()] == ["Ann"]
    assert list(batch.refusals[3].message_dict) == ["emails.0.email"]
    assert list(batch.refusals[4].message_dict) == ["family_name"]
    assert Contact.objects.count() == events_of().count() == 1


def test_a_batch_of_changes_leaves_what_is_the_same(alice, ada):
    events_of().delete()
    bea = create_contact(actor=alice.as_actor(), given_name="Bea")
    same = {"given_name": "Ada", "emails": [{"email": "ada@initech.com", "label": "work"}]}

    batch = update_contacts({ada.pk: same, bea.pk: {"title": "Boss"}}, actor=alice.as_actor())

    assert batch.changed == {bea.pk: ["title"]}
    assert [event.name for event in events_of()] == ["contact.created", "contact.updated"]


def test_quick_create_leaves_out_what_it_does_not_show(as_member, bob):
    response = as_member(bob).post(
        "/contacts/new/",
        {"form": "quick", "given_name": "Ada", "owner": ""},
        headers={"HX-Request": "true", "HX-Target": "quick-create"},
    )

    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == f"/contacts/{Contact.objects.get().pk}/"
    assert Contact.objects.get().owner_id == bob.pk


def test_quick_create_offers_another_one(as_member, bob):
    response = as_member(bob).post(
        "/contacts/new/",
        {"form": "quick", "given_name": "Ada", "another": "1"},
        headers={"HX-Request": "true", "HX-Target": "quick-create"},
    )

    assert "Ada was added." in response.headers["HX-Trigger"]
    assert 'value="Ada"' not in response.content.decode()
    assert Contact.objects.get().name == "Ada"


def test_the_form_asks_for_names_in_the_order_of_the_reader(bob):
    with override("zh-hans"):
        chinese = ContactForm(actor=bob.as_actor()).quick_fields
    english = ContactForm(actor=bob.as_actor()).quick_fields

    assert [part["name"] for part in chinese[:2]] == ["family_name", "given_name"]
    assert [part["name"] for part in english[:2]] == ["given_name", "family_name"]


def test_an_address_of_a_country_alone_is_an_address(door, bob):
    door.create(
        bob, "contacts", {"family_name": "Ng", "addresses": [{"country": "SG", "primary": True}]}
    )

    assert [address.country for address in Contact.objects.get().addresses.all()] == ["SG"]


def test_a_language_the_form_does_not_offer_stays_while_other_things_change(as_member, bob, ada):
    update_contact(ada, actor=bob.as_actor(), changes={"language": "fr-CA"})
    visitor = as_member(bob)

    form = visitor.get(f"/contacts/{ada.pk}/edit/").context["form"]
    visitor.post(
        f"/contacts/{ada.pk}/edit/", {"given_name": "Augusta", "language": form["language"].value()}
    )

    ada.refresh_from_db()
    assert (ada.given_name, ada.language) == ("Augusta", "fr-CA")
