"""A company that is not there yet is made on the way, when the person asks for it."""

import pytest

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from tests.conftest import nothing_written
from tests.crm.customers.conftest import form_of


def sent(**more):
    return form_of({"given_name": "Ada", "companies": [{"company": "Initech"}], **more})


@pytest.fixture(params=[{}, {"HX-Request": "true", "HX-Target": "quick-create"}])
def headers(request):
    """The form on its page, and in the window of quick create."""
    return request.param


def test_an_unknown_company_is_offered_to_be_made(as_member, bob, headers):
    with nothing_written(Contact, Company):
        response = as_member(bob).post("/contacts/new/", sent(), headers=headers)

    assert response.status_code == 422
    assert 'name="creates" value="company:Initech"' in response.content.decode()


def test_it_is_made_and_the_contact_belongs_to_it(as_member, bob, headers):
    asked = sent(creates=["company:Initech"])

    response = as_member(bob).post("/contacts/new/", asked, headers=headers)

    assert response.status_code in (200, 302)
    ada = Contact.objects.get()
    assert [place.company.name for place in ada.listed("affiliations")] == ["Initech"]
    assert Company.objects.get().owner == bob


def test_nothing_is_made_when_the_form_is_refused(as_member, bob, headers):
    asked = sent(creates=["company:Initech"], emails=[{"email": "no address"}])

    with nothing_written(Contact, Company):
        response = as_member(bob).post("/contacts/new/", asked, headers=headers)

    assert response.status_code == 422
    assert (
        '<input type="hidden" name="creates" value="company:Initech">' in response.content.decode()
    )


def test_whoever_may_not_add_companies_is_not_offered_to(as_member, bob, headers):
    bob.role.grants.remove("customers.add_company")
    bob.role.save(update_fields=["grants"])
    visitor = as_member(bob)

    with nothing_written(Contact, Company):
        offered = visitor.post("/contacts/new/", sent(), headers=headers)
        asked = visitor.post("/contacts/new/", sent(creates=["company:Initech"]), headers=headers)

    assert 'name="creates"' not in offered.content.decode()
    assert asked.status_code == 403


@pytest.mark.parametrize("wanted", ["robot:Initech", "contact", "", "company:"])
def test_what_cannot_be_made_stays_unknown(as_member, bob, wanted):
    with nothing_written(Contact, Company):
        response = as_member(bob).post("/contacts/new/", sent(creates=[wanted]))

    assert response.status_code == 422
