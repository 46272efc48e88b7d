"""What the page of a merge tells of what belongs to the records side by side."""

from core.permissions import permissions
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contact
from tenants.members.models import Role


def test_the_merge_page_counts_only_what_one_may_see(as_member, alice, bob, initech):
    sister = create_company(actor=bob.as_actor(), name="Initrode")
    create_contact(actor=bob.as_actor(), given_name="His", companies=[{"company": sister.pk}])
    for company in (initech, sister):
        create_contact(actor=alice.as_actor(), given_name="A", companies=[{"company": company.pk}])
        create_company(actor=alice.as_actor(), name="Sub", parent=company.pk)

    def told(member):
        page = as_member(member).get(f"/companies/merge/?ids={initech.pk},{sister.pk}")
        return {record.name: lines for record, lines in page.context["merge"].sides}

    assert told(alice) == {
        "Initech": ["1 contact", "1 subsidiary"],
        "Initrode": ["2 contacts", "1 subsidiary"],
    }
    assert told(bob) == {"Initech": [], "Initrode": ["1 contact"]}


def test_the_merge_page_does_not_tell_who_works_where_if_that_is_hidden(
    as_member, alice, bob, initech, ada
):
    sister = create_company(actor=bob.as_actor(), name="Initrode")
    grants = [each.name for each in permissions() if not each.is_for_owners]
    hidden = ["contact.companies:hidden"]
    bob.role = Role.objects.create(name="Narrow", grants=grants, field_rights=hidden)
    bob.save()

    page = as_member(bob).get(f"/companies/merge/?ids={initech.pk},{sister.pk}")

    assert [lines for _record, lines in page.context["merge"].sides] == [[], []]
