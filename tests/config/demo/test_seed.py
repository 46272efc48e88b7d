"""`manage.py seed` fills a workspace with believable customers."""

import pytest
from django.core.management import CommandError, call_command

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from tests.conftest import outside


def test_a_workspace_gets_companies_and_their_people(alice, capsys):
    outside(lambda: call_command("seed", "acme", companies=12))

    assert capsys.readouterr().out == "12 companies added to Acme.\n"
    assert Company.objects.count() == 12
    assert Contact.objects.count() >= 12
    assert all(company.owner_id == alice.pk for company in Company.objects.all())


def test_the_same_number_gives_the_same_customers(alice):
    outside(lambda: call_command("seed", "acme", companies=5, seed=7))
    first = sorted(Company.objects.values_list("name", flat=True))
    Contact.objects.all().delete()
    Company.objects.all().delete()

    outside(lambda: call_command("seed", "acme", companies=5, seed=7))

    assert sorted(Company.objects.values_list("name", flat=True)) == first


def test_an_unknown_workspace_is_said_to_be_unknown():
    with pytest.raises(CommandError, match="There is no workspace at this address"):
        outside(lambda: call_command("seed", "nobody", companies=1))
