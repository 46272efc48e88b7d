"""Hidden fields are told by nothing that follows from them: other fields, names, counts, guesses."""

import json

import pytest

from core.field_rights import FieldRight
from crm.customers.importing.nearby import near_company_names, near_emails
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contact
from tests.conftest import nothing_written
from tests.crm.customers.conftest import form_of
from tests.crm.customers.narrowed import body_of, kind_of, told_in

HIDDEN, MASKED = FieldRight.HIDDEN, FieldRight.MASKED


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_the_role_at_a_company_is_told_with_the_companies_alone(
    as_member, alice, narrow, thistledown, right
):
    place = {"company": thistledown.pk, "title": "Quillwright"}
    made = create_contact(
        actor=alice.as_actor(), given_name="Perpetua", family_name="Vane", companies=[place]
    )
    bob = narrow(contact__companies=right)
    fields = {"role": (None, ["quillwright"])}
    told = {
        member: told_in(as_member(member), kind_of(Contact), made, fields)
        for member in (alice, bob)
    }

    assert told[bob] == {}
    assert {"/contacts/", "/search/?q=Perpetua", f"/contacts/{made.pk}/"} <= {*told[alice]["role"]}


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_who_does_not_see_companies_still_sees_the_title_of_the_person(
    as_member, narrow, contact, right
):
    visitor = as_member(narrow(contact__companies=right))

    for place in ("/contacts/", f"/contacts/{contact.pk}/", "/search/?q=Perpetua"):
        assert "quillwright" in body_of(visitor, place)


def test_the_name_of_a_hidden_field_is_told_with_no_change(as_member, alice, narrow, contact):
    body = {"action": "edit", "field": "title", "value": "Beekeeper", "ids": [str(contact.pk)]}
    done = as_member(alice).post(
        "/api/v1/contacts/bulk/", json.dumps(body), content_type="application/json"
    ).json()["id"]  # fmt: skip

    def told(member):
        visitor = as_member(member)
        entries = visitor.get(f"/api/v1/contacts/{contact.pk}/timeline/").json()["results"]
        sets = visitor.get("/api/v1/history/").json()["results"]
        one = visitor.get(f"/api/v1/history/{done}/").json()
        pages = [f"/history/{done}/", "/history/", f"/contacts/{contact.pk}/?kind=changes"]
        return {
            "timeline": any("title" in each["fields"] for each in entries),
            "history": [each["fields"] for each in (*sets, one)],
            "pages": any("job title</dt" in body_of(visitor, page) or
                         "job title ·" in body_of(visitor, page) for page in pages),
        }  # fmt: skip

    assert told(alice) == {"timeline": True, "history": [["title"]] * 2, "pages": True}
    bob = narrow(contact__title=HIDDEN)
    assert told(bob) == {"timeline": False, "history": [[], []], "pages": False}
    bob.role.field_rights = ["contact.title:masked"]
    bob.role.save()
    assert told(bob)["history"] == [["title"]] * 2


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_what_a_deletion_takes_along_is_counted_only_where_it_is_seen(
    as_member, alice, narrow, contact, right
):
    def told(member):
        body = body_of(as_member(member), f"/contacts/{contact.pk}/delete/")
        words = ("1 e-mail address", "1 telephone number", "1 postal address")
        return [each for each in words if each in body]

    assert len(told(alice)) == 3
    assert told(narrow(contact__emails=right, contact__phones=right)) == ["1 postal address"]


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_a_web_address_cannot_be_guessed_by_naming_a_company(
    as_member, alice, narrow, company, right
):
    form = {"given_name": "Zoë", **form_of({"companies": [{"company": "quokka.example"}]})}
    named = {"given_name": "Zoë", **form_of({"companies": [{"company": "Perpetua Works"}]})}
    bob = narrow(company__website=right)

    with nothing_written(Contact):
        assert as_member(bob).post("/contacts/new/", form).status_code == 422
    assert as_member(bob).post("/contacts/new/", named).status_code == 302
    assert as_member(alice).post("/contacts/new/", form).status_code == 302


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_a_web_address_cannot_be_guessed_by_what_an_import_suggests(alice, narrow, company, right):
    asked = [
        (near_company_names, "quokka"),
        (near_company_names, "quokka.exampel"),
        (near_emails, "zoe@quokka"),
    ]

    def told(member):
        return [bool(near(text, member.as_actor())) for near, text in asked]

    assert told(alice)[0]
    assert told(alice)[2]
    bob = narrow(company__website=right)
    assert told(bob) == [False] * 3
    assert near_company_names("Perpetua Wroks", bob.as_actor()) == ["Perpetua Works"]
    assert near_emails("zoe@gmail", bob.as_actor()) == ["zoe@gmail.com"]
