"""What a deletion takes along, in sentences for the person who is about to do it."""

from collections.abc import Sequence

from django.utils.translation import ngettext

from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.reach import ContactAddress, ContactEmail, ContactPhone


def of_company(company: Company) -> Sequence[str]:
    people = Affiliation.objects.filter(company=company, contact__deleted_at=None).count()
    if not people:
        return []
    sentence = ngettext(
        "%(count)s contact stays and is without its place here while the company is in the trash.",
        "%(count)s contacts stay and are without their place here while the company is in the trash.",
        people,
    )
    return [sentence % {"count": people}]


def of_contact(contact: Contact) -> Sequence[str]:
    rows = [
        model.objects.filter(contact=contact).count()
        for model in (ContactEmail, ContactPhone, ContactAddress)
    ]
    sentences = (
        ngettext("%(count)s e-mail address", "%(count)s e-mail addresses", rows[0]),
        ngettext("%(count)s telephone number", "%(count)s telephone numbers", rows[1]),
        ngettext("%(count)s postal address", "%(count)s postal addresses", rows[2]),
    )
    return [
        sentence % {"count": count}
        for sentence, count in zip(sentences, rows, strict=True)
        if count
    ]
