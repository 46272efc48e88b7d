"""What a deletion takes along, in sentences for the person who is about to do it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access import can
from core.actors import Actor
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.reach import ContactAddress, ContactEmail, ContactPhone


def of_company(company: Company, actor: Actor) -> Sequence[str]:
    """Say how many contacts lose their place meanwhile, and that there are others one does not see."""
    places = Affiliation.objects.filter(company=company, contact__deleted_at=None)
    people = places.visible_to(actor).count()
    sentence = ngettext(
        "%(count)s contact stays and is without its place here while the company is in the trash.",
        "%(count)s contacts stay and are without their place here while the company is in the trash.",
        people,
    )
    said = [sentence % {"count": people}] if people else []
    if _may_be_told(actor) and places.count() > people:
        said.append(_("Contacts you cannot see are without their place here, too."))
    return said


def _may_be_told(actor: Actor) -> bool:
    """Return whether the actor sees who works where at all, if not of everybody."""
    is_shown = actor.fields.shows("contact", "companies")
    return is_shown and can(actor, Contact.permission("view"))


def of_contact(contact: Contact, actor: Actor) -> Sequence[str]:
    emails = _count(ContactEmail, "emails", contact, actor)
    phones = _count(ContactPhone, "phones", contact, actor)
    addresses = _count(ContactAddress, "addresses", contact, actor)
    sentences = (
        (emails, ngettext("%(count)s e-mail address", "%(count)s e-mail addresses", emails)),
        (phones, ngettext("%(count)s telephone number", "%(count)s telephone numbers", phones)),
        (addresses, ngettext("%(count)s postal address", "%(count)s postal addresses", addresses)),
    )
    return [sentence % {"count": count} for count, sentence in sentences if count]


def _count(model: Any, field: str, contact: Contact, actor: Actor) -> int:
    """Return how many there are of what a field lists; none where it is hidden from the actor."""
    shown = actor.fields.shows("contact", field)
    return model.objects.filter(contact=contact).count() if shown else 0
