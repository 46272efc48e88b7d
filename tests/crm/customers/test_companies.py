"""What can be done to companies, through both doors."""

import pytest
from django.core.exceptions import ValidationError

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_company, update_company
from tests.crm.customers.conftest import events_of


def test_a_company_is_added_with_its_values_understood(door, bob):
    response = door.create(
        bob,
        "companies",
        {
            "name": "  Acme   Corporation ",
            "website": "www.acme.com/about",
            "industry": "technolgy",
            "country": "GB",
            "phone": "020 7946 0123",
        },
    )

    assert response.status_code in (201, 302)
    company = Company.objects.get(name="Acme Corporation")
    assert company.website == "https://www.acme.com/about"
    assert company.domain == "acme.com"
    assert company.industry == "technology"
    assert company.phone == "+442079460123"
    assert company.owner_id == bob.pk
    event = events_of().get()
    assert (event.name, event.actor_label, event.payload) == ("company.created", "Bob Reed", {})


def test_a_company_needs_a_name(door, bob):
    response = door.create(bob, "companies", {"name": "  "})

    assert response.status_code == door.refused
    assert "name" in door.errors(response)
    assert not Company.objects.exists()
    assert not events_of().exists()


def test_an_unknown_industry_is_kept(door, bob):
    door.create(bob, "companies", {"name": "Kite Works", "industry": "Kite repair"})

    assert Company.objects.get().industry == "Kite repair"


def test_a_wrong_number_is_refused_at_its_field(door, bob):
    response = door.create(bob, "companies", {"name": "Kite Works", "phone": "call me"})

    assert response.status_code == door.refused
    assert list(door.errors(response)) == ["phone"]
    assert not Company.objects.exists()


def test_a_change_is_one_event_that_names_the_fields(door, bob, initech):
    events_of().delete()
    values = {"name": "Initech Ltd", "website": initech.website, "industry": "finance"}

    door.update(bob, "companies", initech.pk, values)

    initech.refresh_from_db()
    assert (initech.name, initech.industry, initech.version) == ("Initech Ltd", "finance", 2)
    assert events_of().get().payload == {"fields": ["industry", "name"], "version": 2}


def test_saving_without_a_change_writes_nothing(bob, initech):
    events_of().delete()

    update_company(
        initech, actor=bob.as_actor(), changes={"name": "Initech", "industry": "software"}
    )

    initech.refresh_from_db()
    assert initech.version == 1
    assert not events_of().exists()


def test_a_viewer_may_look_but_not_change(door, carol, initech):
    assert door.open(carol, "companies", initech.pk).status_code == 200
    assert door.create(carol, "companies", {"name": "Hooli"}).status_code == 403
    assert door.update(carol, "companies", initech.pk, {"name": "Hooli"}).status_code == 403
    assert door.delete(carol, "companies", initech.pk).status_code == 403

    assert [company.name for company in Company.objects.all()] == ["Initech"]
    assert events_of().count() == 1


def test_a_rep_does_not_find_the_companies_of_others(door, alice, bob):
    hidden = create_company(actor=alice.as_actor(), name="Hooli")

    assert door.open(bob, "companies", hidden.pk).status_code == 404
    assert door.update(bob, "companies", hidden.pk, {"name": "Mine"}).status_code == 404
    assert door.delete(bob, "companies", hidden.pk).status_code == 404
    assert door.names(bob, "companies") == []

    hidden.refresh_from_db()
    assert hidden.name == "Hooli"


def test_a_company_cannot_become_its_own_ancestor(alice):
    actor = alice.as_actor()
    top = create_company(actor=actor, name="Top")
    middle = create_company(actor=actor, name="Middle", parent=top.pk)
    bottom = create_company(actor=actor, name="Bottom", parent=middle.pk)

    for parent in (top, middle, bottom):
        with pytest.raises(ValidationError, match="belong to"):
            update_company(top, actor=actor, changes={"parent": parent.pk})

    top.refresh_from_db()
    assert top.parent_id is None


def test_a_parent_nobody_may_see_is_refused(alice, bob, initech):
    hidden = create_company(actor=alice.as_actor(), name="Hooli")

    with pytest.raises(ValidationError, match="no such record"):
        update_company(initech, actor=bob.as_actor(), changes={"parent": hidden.pk})

    initech.refresh_from_db()
    assert initech.parent_id is None


def test_a_company_with_subsidiaries_is_not_deleted(door, alice):
    parent = create_company(actor=alice.as_actor(), name="Top")
    create_company(actor=alice.as_actor(), name="Bottom", parent=parent.pk)

    response = door.delete(alice, "companies", parent.pk)

    assert response.status_code == 409
    assert Company.objects.count() == 2
    assert not events_of().filter(name="company.deleted").exists()


def test_deleting_a_company_leaves_its_people(door, bob, initech, ada):
    assert door.delete(bob, "companies", initech.pk).status_code in (204, 302)

    assert not Company.objects.visible_to(bob.as_actor()).exists()
    assert Contact.objects.get().places == []
    assert events_of().filter(name="company.deleted", subject_id=initech.pk).count() == 1


def test_lists_sort_by_name_whatever_the_case_and_script(door, alice):
    for name in ("beta", "Alpha", "王府井", "Ärmel", "华夏科技"):
        create_company(actor=alice.as_actor(), name=name)

    assert door.names(alice, "companies", sort="name") == [
        "Alpha",
        "Ärmel",
        "beta",
        "华夏科技",
        "王府井",
    ]
    assert door.names(alice, "companies", sort="-name")[0] == "王府井"


def test_search_finds_beginnings_of_words_domains_and_pinyin(door, alice):
    create_company(actor=alice.as_actor(), name="Halden Instruments", website="halden.no")
    create_company(actor=alice.as_actor(), name="华夏科技")

    assert door.names(alice, "companies", search="instr") == ["Halden Instruments"]
    assert door.names(alice, "companies", search="halden.no") == ["Halden Instruments"]
    assert door.names(alice, "companies", search="华夏") == ["华夏科技"]
    assert door.names(alice, "companies", search="huaxia") == ["华夏科技"]
    assert door.names(alice, "companies", search="struments") == []


def test_filters_narrow_the_list(door, alice, vip, customer_stage):
    actor = alice.as_actor()
    create_company(actor=actor, name="A", tags=[vip.pk], industry="retail")
    create_company(actor=actor, name="B", lifecycle_stage=customer_stage.pk, country="DE")

    assert door.names(alice, "companies", tag=str(vip.pk)) == ["A"]
    assert door.names(alice, "companies", lifecycle_stage=str(customer_stage.pk)) == ["B"]
    assert door.names(alice, "companies", industry="Retail") == ["A"]
    assert door.names(alice, "companies", country="DE") == ["B"]
