"""The warning that a record may be there already, while it is being written."""

import json

import pytest

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from tests.conftest import nothing_written
from tests.crm.customers.conftest import form_of


@pytest.fixture(params=["page", "api"])
def warned(request, as_member):
    """Return a function that answers which records are named while these values are written."""

    def ask(member, slug, values):
        visitor = as_member(member)
        if request.param == "api":
            body = json.dumps(values)
            address = f"/api/v1/{slug}/likely-duplicates/"
            answer = visitor.post(address, body, content_type="application/json")
            return [each["name"] for each in answer.json()]
        response = visitor.post(f"/{slug}/likely/", form_of(values))
        assert response.status_code == 200
        return [str(record) for record, _reason in response.context["found"]]

    return ask


@pytest.mark.parametrize(
    "values",
    [
        {"emails": [{"email": "ADA@initech.com"}]},
        {"phones": [{"number": "+44 20 7946 0123"}]},
        {"given_name": "Ada", "family_name": "Lovelase"},
    ],
)
def test_a_person_is_recognised_by_address_number_and_nearly_the_name(warned, bob, ada, values):
    with nothing_written(Contact):
        assert warned(bob, "contacts", values) == ["Ada Lovelace"]


@pytest.mark.parametrize("values", [{"website": "initech.com"}, {"name": "Initec"}])
def test_a_company_is_recognised_by_its_domain_and_nearly_the_name(warned, bob, initech, values):
    with nothing_written(Company):
        assert warned(bob, "companies", values) == ["Initech"]


def test_somebody_else_is_nobody_known(warned, bob, ada):
    values = {"given_name": "Grace", "family_name": "Hopper", "emails": [{"email": "g@navy.mil"}]}

    assert warned(bob, "contacts", values) == []


def test_only_what_one_may_see_is_named(warned, bob, alice, ada):
    ada.owner = alice
    ada.save(update_fields=["owner"])

    assert warned(bob, "contacts", {"emails": [{"email": "ada@initech.com"}]}) == []


def test_the_warning_names_the_reason_and_leads_to_the_record(as_member, bob, ada):
    sent = form_of({"emails": [{"email": "ada@initech.com"}]})

    html = as_member(bob).post("/contacts/likely/", sent).content.decode()

    assert "Same e-mail address" in html
    assert ada.get_absolute_url() in html
    assert "ada@initech.com" not in html


def test_a_half_written_form_is_no_error(as_member, bob, ada):
    sent = form_of({"emails": [{"email": "ada@"}], "phones": [{"number": "x"}], "birthday": "x"})

    response = as_member(bob).post("/contacts/likely/", sent)

    assert response.status_code == 200
    assert response.content.strip() == b""
