"""A field that a role hides or masks is told nowhere, and cannot be guessed; one it closes is not written."""

import json
from datetime import date

import pytest

from core.field_rights import FieldRight, FieldRights
from core.records.narrowing import seen_as, with_rights
from core.records.registry import record_types
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contact
from tests.conftest import nothing_written
from tests.crm.customers.narrowed import COMPANY, CONTACT, body_of, kind_of, told_in

HIDDEN, MASKED, READ = FieldRight.HIDDEN, FieldRight.MASKED, FieldRight.READ


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_what_a_contact_does_not_show_is_told_nowhere(as_member, alice, narrow, contact, right):
    bob = narrow(**{f"contact__{name}": right for name in CONTACT})
    kind = kind_of(Contact)

    assert told_in(as_member(bob), kind, contact, CONTACT) == {}
    assert told_in(as_member(alice), kind, contact, CONTACT).keys() == CONTACT.keys()


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_what_a_company_does_not_show_is_told_nowhere(as_member, alice, narrow, company, right):
    bob = narrow(**{f"company__{name}": right for name in COMPANY})
    kind = kind_of(Company)

    assert told_in(as_member(bob), kind, company, COMPANY) == {}
    assert told_in(as_member(alice), kind, company, COMPANY).keys() == COMPANY.keys()


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_what_was_changed_is_not_told_to_who_does_not_see_the_field(
    as_member, alice, narrow, contact, right
):
    bob = narrow(contact__title=right)
    body = {"action": "edit", "field": "title", "value": "Beekeeper", "ids": [str(contact.pk)]}
    visitor = as_member(alice)
    done = visitor.post(
        "/api/v1/contacts/bulk/", json.dumps(body), content_type="application/json"
    ).json()["id"]
    places = (f"/history/{done}/", f"/api/v1/history/{done}/changes/")

    told = {
        member: [any(word in body_of(as_member(member), place) for word in ("quill", "beek"))
                 for place in places]
        for member in (alice, bob)
    }  # fmt: skip

    assert told == {alice: [True, True], bob: [False, False]}


def test_who_does_not_see_a_field_is_told_with_the_record(as_member, alice, narrow, contact):
    bob = narrow(contact__title=HIDDEN, contact__phones=MASKED, contact__source=READ)
    visitor = as_member(alice)

    page = visitor.get(f"/contacts/{contact.pk}/access/").content.decode()
    said = visitor.get(f"/api/v1/contacts/{contact.pk}/access/").json()

    assert "Hidden: Job title" in page
    assert "Masked: Phone numbers" in page
    assert "Read only: Source" in page
    fields = {each["member"]: each["fields_narrowed"] for each in said}
    assert fields[str(alice.pk)] == {}
    assert fields[str(bob.pk)] == {"title": "hidden", "phones": "masked", "source": "read"}


def each_narrowed(kind, right):
    """Yield each field of a type of records with the type as somebody sees it who has this right to it."""
    for field in kind.governed:
        yield field, with_rights(kind.name, FieldRights(frozenset({(kind.name, field, right)})))


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
@pytest.mark.parametrize("kind", record_types(), ids=lambda kind: kind.name)
def test_nothing_is_sorted_filtered_or_added_up_by_it(kind, right):
    for field, seen in each_narrowed(kind, right):
        telling = {c.name for c in kind.listing.columns if field in (c.tells or (c.edits,))}
        shown = [c for c in seen.listing.columns if c.name in telling]

        assert right == MASKED or not shown
        assert not any(c.sort or c.sums or c.edits for c in shown)
        assert field not in {each.tells or each.name for each in seen.listing.filterable.fields}
        assert field not in {seen.importer.governed_by(each) for each in seen.importer.exported()}


@pytest.mark.parametrize("right", [HIDDEN, MASKED, READ])
@pytest.mark.parametrize("kind", record_types(), ids=lambda kind: kind.name)
def test_what_cannot_be_changed_is_no_field_of_forms_and_imports(kind, right):
    for field, seen in each_narrowed(kind, right):
        importer = seen.importer.for_writing()

        assert field in {*kind.form.base_fields, *kind.form.lists}
        assert field not in seen.form.base_fields.keys() | seen.form.lists.keys()
        assert field not in {importer.governed_by(each) for each in importer.fields}
        assert field not in seen.form.quick
        assert all(field not in names for _title, names in seen.form.groups)
        assert seen.form.label_of(field) == kind.form.label_of(field)


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("title", "filter=title:contains:Quill"),
        ("emails", "filter=email:any:zephyrine@quokka.example"),
        ("emails", "email=zephyrine@quokka.example"),
        ("phones", "phone=%2B442079460987"),
        ("companies", "filter=company.name:contains:Thistle"),
        ("companies", "company={thistledown}"),
        ("addresses", "country=GB"),
        ("source", "source=Carrier+pigeon"),
        ("owner", "filter=owner:any:me"),
        ("lifecycle_stage", "filter=lifecycle_stage:filled:"),
    ],
)
@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_it_cannot_be_guessed_by_filtering(
    as_member, narrow, contact, thistledown, field, asked, right
):
    visitor = as_member(narrow(**{f"contact__{field}": right}))
    asked = asked.format(thistledown=thistledown.pk)

    page = visitor.get(f"/contacts/?{asked}")
    assert page.context["list"].rows == []
    assert page.context["list"].problem
    assert visitor.get(f"/api/v1/contacts/?{asked}").status_code == 400
    assert visitor.get(f"/api/v1/contacts/export/?{asked}").status_code in (400, 404)


def test_a_hidden_filter_never_means_all_records(as_member, narrow, contact):
    visitor = as_member(narrow(contact__emails=HIDDEN))
    body = {"action": "delete", "all": True}

    with nothing_written(Contact):
        answer = visitor.post(
            "/api/v1/contacts/bulk/?email=nobody@quokka.example",
            json.dumps(body),
            content_type="application/json",
        )
    assert answer.status_code == 400


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_it_cannot_be_guessed_by_sorting(door, narrow, contact, alice, right):
    create_contact(actor=alice.as_actor(), family_name="Zorn", title="Aardvark")
    bob = narrow(contact__title=right)

    up = door.names(bob, "contacts", sort="title")
    down = door.names(bob, "contacts", sort="-title")

    assert up == down


@pytest.mark.parametrize(
    ("field", "asked"),
    [("emails", "zephyrine@quokka.example"), ("emails", "zephyr"), ("phones", "+44 20 7946 0987")],
)
@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_it_cannot_be_guessed_by_searching(
    door, as_member, alice, narrow, contact, field, asked, right
):
    assert door.names(alice, "contacts", search=asked) == ["Perpetua Vane"]
    bob = narrow(**{f"contact__{field}": right})

    assert door.names(bob, "contacts", search=asked) == []
    found = as_member(bob).get("/api/v1/search/", {"q": asked}).json()
    assert "Perpetua" not in json.dumps(found)


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_a_company_is_found_by_its_name_alone(door, alice, narrow, company, right):
    assert door.names(alice, "companies", search="quokka") == ["Perpetua Works"]
    bob = narrow(company__website=right)

    assert door.names(bob, "companies", search="quokka") == []
    assert door.names(bob, "companies", search="perpetua") == ["Perpetua Works"]


@pytest.mark.parametrize("right", [HIDDEN, MASKED])
def test_it_cannot_be_guessed_as_a_duplicate(as_member, alice, narrow, contact, right):
    bob = narrow(contact__emails=right, contact__phones=right)
    body = {"emails": [{"email": "zephyrine@quokka.example"}]}

    def likely(member):
        visitor, place = as_member(member), "/api/v1/contacts/likely-duplicates/"
        return visitor.post(place, json.dumps(body), content_type="application/json").json()

    assert len(likely(alice)) == 1
    assert likely(bob) == []


@pytest.mark.parametrize("right", [HIDDEN, MASKED, READ])
@pytest.mark.parametrize("field", ["title", "emails", "birthday", "owner", "tags"])
def test_it_is_not_written(as_member, narrow, contact, field, right):
    visitor = as_member(narrow(**{f"contact__{field}": right}))
    value = {"emails": [], "birthday": date(2000, 1, 1), "owner": None, "tags": []}.get(field, "X")
    body = json.dumps({field: value}, default=str)

    with nothing_written(Contact):
        place = f"/api/v1/contacts/{contact.pk}/"
        changed = visitor.patch(place, body, content_type="application/json")
        made = visitor.post("/api/v1/contacts/", body, content_type="application/json")
        inline = visitor.post(f"/contacts/{contact.pk}/field/{field}/", {field: value or ""})
    for answer in (changed, made):
        assert answer.status_code == 400
        assert field in answer.json()["errors"]
    assert inline.status_code == 404


@pytest.mark.parametrize("right", [HIDDEN, MASKED, READ])
def test_a_form_leaves_it_as_it_is(as_member, narrow, contact, right):
    visitor = as_member(narrow(contact__title=right))
    form = {"given_name": "Perpetua", "family_name": "Vale", "title": "Usurper"}

    answer = visitor.post(f"/contacts/{contact.pk}/edit/", form)

    assert answer.status_code == 302
    stored = Contact.objects.get(pk=contact.pk)
    assert (stored.family_name, stored.title) == ("Vale", "Quillwright")


@pytest.mark.parametrize("right", [HIDDEN, MASKED, READ])
def test_many_at_once_leave_it_as_it_is(as_member, narrow, contact, right):
    visitor = as_member(narrow(contact__title=right))
    body = {"action": "edit", "field": "title", "value": "Usurper", "ids": [str(contact.pk)]}

    visitor.post("/api/v1/contacts/bulk/", json.dumps(body), content_type="application/json")

    assert Contact.objects.get(pk=contact.pk).title == "Quillwright"


@pytest.mark.parametrize("right", [HIDDEN, MASKED, READ])
def test_merging_needs_every_field(as_member, alice, narrow, contact, right):
    other = create_contact(actor=alice.as_actor(), family_name="Vane")
    visitor = as_member(narrow(contact__title=right))
    body = {"survivor": str(contact.pk), "records": [str(other.pk)]}

    with nothing_written(Contact):
        answer = visitor.post(
            "/api/v1/contacts/merge/", json.dumps(body), content_type="application/json"
        )
        page = visitor.get(f"/contacts/merge/?ids={contact.pk},{other.pk}")
    assert answer.status_code == 403
    assert answer.json()["code"] == "merge_needs_all_fields"
    assert page.status_code == 403


def test_a_mask_keeps_how_a_text_ends(as_member, narrow, contact):
    visitor = as_member(narrow(contact__phones=MASKED, contact__birthday=MASKED))

    said = visitor.get(f"/api/v1/contacts/{contact.pk}/").json()

    assert said["phones"][0]["number"].endswith("0987")
    assert said["birthday"] is None
    assert "•••• 0987" in visitor.get(f"/contacts/{contact.pk}/").content.decode()


def test_what_may_only_be_read_is_read_and_exported(as_member, narrow, contact):
    visitor = as_member(narrow(contact__title=READ))

    assert visitor.get(f"/api/v1/contacts/{contact.pk}/").json()["title"] == "Quillwright"
    assert "quillwright" in body_of(visitor, "/api/v1/contacts/export/")
    assert "quillwright" in body_of(visitor, f"/contacts/{contact.pk}/")


def test_whoever_sees_everything_reads_what_is_registered(alice):
    for kind in record_types():
        assert seen_as(kind, alice.as_actor()) is kind
