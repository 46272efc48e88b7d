"""Quick filters say what they offer when somebody opens one, and lead to the list it leaves."""

import re

import pytest

from core.records.registry import record_type_named
from crm.customers.models.labels import LifecycleStage

OFFERED = [
    (record_type_named(name), quick)
    for name in ("company", "contact")
    for quick in ("lifecycle_stage", "owner", "tag")
]


def addresses(response):
    return re.findall(r'<a class="line" href="([^"]+)"', response.content.decode())


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "panel"])
@pytest.mark.parametrize(("record_type", "quick"), OFFERED)
def test_each_choice_leads_to_the_list_it_leaves(as_member, alice, record_type, quick, headers):
    home = f"/{record_type.menu.slug}/"
    visitor = as_member(alice)

    response = visitor.get(f"{home}quick/{quick}/?sort=name&page=3", headers=headers)

    choices = record_type.listing.choices[quick]()
    assert [address.replace("&amp;", "&") for address in addresses(response)] == [
        f"{home}?sort=name&{quick}={value}" for value, _label in choices
    ]
    assert visitor.get(addresses(response)[0].replace("&amp;", "&")).status_code == 200


def test_a_list_names_the_quick_filters_that_are_not_on(as_member, alice):
    stage = LifecycleStage.objects.get(key="customer")

    everything = as_member(alice).get("/companies/?search=x&sort=name").content.decode()
    customers = as_member(alice).get(f"/companies/?lifecycle_stage={stage.pk}").content.decode()

    assert 'href="/companies/quick/lifecycle_stage/?search=x&amp;sort=name"' in everything
    assert "/companies/quick/lifecycle_stage/" not in customers
    assert f"/companies/quick/owner/?lifecycle_stage={stage.pk}" in customers


@pytest.mark.parametrize("address", ["/contacts/quick/company/", "/contacts/quick/secret/"])
def test_what_a_list_does_not_offer_is_not_there(as_member, alice, address):
    assert as_member(alice).get(address).status_code == 404
