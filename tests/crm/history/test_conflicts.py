"""Two people at one record."""

import pytest

from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import update_contact
from crm.history.conflicts import EditConflict
from crm.history.models import Change
from tests.conftest import nothing_written
from tests.crm.customers.conftest import events_of


def change(member, contact, version=None, **changes):
    return update_contact(contact, actor=member.as_actor(), changes=changes, version=version)


def test_two_people_who_change_different_fields_both_win(alice, bob, ada):
    change(bob, ada, version=1, title="Countess")
    change(alice, ada, version=1, language="en")

    ada.refresh_from_db()
    assert (ada.title, ada.language, ada.version) == ("Countess", "en", 3)


def test_the_same_field_is_refused_with_both_values(alice, bob, ada):
    change(bob, ada, version=1, title="Countess")

    with nothing_written(Contact, Change), pytest.raises(EditConflict) as caught:
        change(alice, ada, version=1, title="Mathematician", language="en")

    (clash,) = caught.value.clashes
    assert (clash.field, clash.base, clash.theirs, clash.mine) == (
        "title", "", "Countess", "Mathematician",
    )  # fmt: skip
    assert (clash.who, clash.version, caught.value.version) == (bob.name, 2, 2)


def test_whoever_saw_the_other_value_may_write_over_it(alice, bob, ada):
    change(bob, ada, version=1, title="Countess")
    change(alice, ada, version=2, title="Mathematician")

    ada.refresh_from_db()
    assert ada.title == "Mathematician"


def test_the_same_value_twice_is_no_conflict(alice, bob, ada):
    change(bob, ada, version=1, title="Countess")
    change(alice, ada, version=1, title=" Countess ")

    ada.refresh_from_db()
    assert (ada.title, ada.version) == ("Countess", 2)


def test_a_form_that_sends_everything_changes_only_what_its_author_touched(alice, bob, ada):
    phones = [{"number": "+44 20 7946 0123", "label": "work"}]
    change(bob, ada, title="Countess", phones=[])
    change(alice, ada, version=1, title="", phones=phones, given_name="Augusta Ada")

    ada = Contact.objects.get()
    assert (ada.title, ada.given_name, ada.listed("phones")) == ("Countess", "Augusta Ada", [])


def test_a_list_both_changed_is_refused_as_a_whole(alice, bob, ada):
    change(bob, ada, version=1, emails=[{"email": "ada@home.org"}])

    with pytest.raises(EditConflict) as caught:
        change(alice, ada, version=1, emails=[{"email": "ada@work.org"}])

    assert [clash.theirs[0]["email"] for clash in caught.value.clashes] == ["ada@home.org"]


def test_without_a_version_the_last_one_wins(alice, bob, ada):
    change(bob, ada, title="Countess")
    change(alice, ada, title="Mathematician")

    ada.refresh_from_db()
    assert ada.title == "Mathematician"
    assert events_of().filter(name="contact.updated").count() == 2


def test_the_second_of_two_editors_is_asked_through_page_and_api(door, alice, bob, ada):
    stale = {"version": 1, "title": "Mathematician"}
    door.update(bob, "contacts", ada.pk, {"title": "Countess", "version": 1})

    response = door.update(alice, "contacts", ada.pk, stale)

    assert response.status_code == 409
    ada.refresh_from_db()
    assert ada.title == "Countess"
    if door.kind == "api":
        said = response.json()
        assert (said["code"], said["version"]) == ("edit_conflict", 2)
        assert [(each["field"], each["theirs"]) for each in said["conflicts"]] == [
            ("title", "Countess")
        ]
    else:
        assert "changed “Job title” to Countess" in response.content.decode()
        assert 'name="version" value="2"' in response.content.decode()
    door.update(alice, "contacts", ada.pk, stale | {"version": 2})
    ada.refresh_from_db()
    assert ada.title == "Mathematician"


def test_different_fields_both_win_through_page_and_api(door, alice, bob, ada):
    shown = {"given_name": "Ada", "family_name": "Lovelace", "title": "", "version": 1}
    door.update(bob, "contacts", ada.pk, shown | {"title": "Countess"})
    door.update(alice, "contacts", ada.pk, shown | {"family_name": "King"})

    ada.refresh_from_db()
    assert (ada.title, ada.family_name) == ("Countess", "King")


def test_a_program_may_name_the_version_in_a_header(as_member, bob, ada):
    visitor, url = as_member(bob), f"/api/v1/contacts/{ada.pk}/"
    tag = visitor.get(url)["ETag"]
    change(bob, ada, title="Countess")

    response = visitor.patch(
        url, {"title": "Boss"}, content_type="application/json", headers={"If-Match": tag}
    )

    assert tag == '"1"'
    assert response.status_code == 409
