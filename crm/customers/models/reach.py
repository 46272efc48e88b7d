"""How a contact is reached: e-mail addresses, telephone numbers, postal addresses."""

from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import EmailValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedTextField
from compliance.encryption.indexes import ExactIndexField, StartIndexField
from compliance.encryption.records import SealedModel, SealedQuerySet
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from crm.customers.addresses import PostalAddress
from crm.customers.models.contacts import Contact
from crm.customers.phones import show_phone


class ReachQuerySet[R: models.Model](SealedQuerySet[R], WorkspaceQuerySet[R]):
    """Reads of the ways to reach people."""


class Reach(SealedModel, WorkspaceModel):
    """One way to reach a contact, in the order the contact lists them."""

    label = models.CharField(_("Label"), max_length=40, blank=True)
    is_primary = models.BooleanField(_("Primary"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def sealed_subject(self) -> UUID:
        """Whose key seals this row: the contact's."""
        return self.contact_id  # type: ignore[attr-defined]


class ContactEmail(Reach):
    """An e-mail address of a contact."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="emails")
    email = SealedTextField(
        _("E-mail"), max_length=254, validators=[EmailValidator()], uid="crm.contact.email"
    )
    email_index = ExactIndexField(source="email", normalise="email")
    email_start = StartIndexField(sources=("email",))

    objects = ReachQuerySet["ContactEmail"].as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["email_index"], name="contact_email_index"),
            GinIndex(fields=["email_start"], name="contact_email_start"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(is_primary=True),
                name="contact_email_one_primary",
                violation_error_message=_("Only one e-mail address can be the primary one."),
            ),
        )

    def __str__(self) -> str:
        return self.email


class ContactPhone(Reach):
    """A telephone number of a contact."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="phones")
    number = SealedTextField(_("Number"), max_length=40, uid="crm.contact.phone")
    number_index = ExactIndexField(source="number", normalise="phone")

    objects = ReachQuerySet["ContactPhone"].as_manager()

    class Meta:
        indexes = (models.Index(fields=["number_index"], name="contact_phone_index"),)
        constraints = (
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(is_primary=True),
                name="contact_phone_one_primary",
                violation_error_message=_("Only one telephone number can be the primary one."),
            ),
        )

    def __str__(self) -> str:
        return show_phone(self.number)


class ContactAddress(Reach):
    """A postal address of a contact."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses")
    street = SealedTextField(
        _("Street"), max_length=300, blank=True, default="", uid="crm.contact.street"
    )
    district = SealedTextField(
        _("District"), max_length=120, blank=True, default="", uid="crm.contact.district"
    )
    city = SealedTextField(
        _("City"), max_length=120, blank=True, default="", uid="crm.contact.city"
    )
    postcode = SealedTextField(
        _("Postcode"), max_length=20, blank=True, default="", uid="crm.contact.postcode"
    )
    province = models.CharField(_("State or province"), max_length=120, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True)

    objects = ReachQuerySet["ContactAddress"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(is_primary=True),
                name="contact_address_one_primary",
                violation_error_message=_("Only one address can be the primary one."),
            ),
        )

    def __str__(self) -> str:
        return ", ".join(self.postal.lines())

    @property
    def postal(self) -> PostalAddress:
        return PostalAddress(
            self.street, self.district, self.city, self.province, self.postcode, self.country
        )
