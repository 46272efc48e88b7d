"""Contacts: the people customers are."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedDateField, SealedTextField
from compliance.encryption.indexes import PrefixIndexField, SortRankField
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.names import full_name
from core.records.addresses import address_of
from core.records.lists import ListsQuerySet, WithLists
from crm.customers.models.customer import IN_TRASH, IN_USE, Customer, CustomerQuerySet
from crm.customers.models.labels import Tag

# Family name first, so that what begins a Chinese name stands before what ends it.
NAME_PARTS = ("family_name", "given_name")


class ContactQuerySet(ListsQuerySet["Contact"], CustomerQuerySet["Contact"]):
    """Reads of contacts."""


class Contact(WithLists, Customer):
    """A person. Everything that says who they are is sealed under a key of their own."""

    lists = ("emails", "phones", "addresses", "affiliations")
    list_related = ("company",)
    named_by = ("given_name", "family_name")

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        SMS = "sms", _("SMS")
        POST = "post", _("Post")

    class Frequency(models.TextChoices):
        EACH = "each", _("As it comes")
        WEEKLY = "weekly", _("Once a week")
        MONTHLY = "monthly", _("Once a month")
        QUARTERLY = "quarterly", _("Once a quarter")

    given_name = SealedTextField(
        _("Given name"), max_length=120, blank=True, default="", uid="crm.contact.given_name"
    )
    family_name = SealedTextField(
        _("Family name"), max_length=120, blank=True, default="", uid="crm.contact.family_name"
    )
    name_index = PrefixIndexField(sources=NAME_PARTS)
    name_rank = SortRankField(sources=NAME_PARTS)
    title = models.CharField(_("Job title"), max_length=150, blank=True)
    language = models.CharField(_("Language"), max_length=12, blank=True)
    birthday = SealedDateField(_("Birthday"), null=True, blank=True, uid="crm.contact.birthday")
    tags = models.ManyToManyField(Tag, through="ContactTag", related_name="contacts")
    do_not_call = models.BooleanField(_("Do not call"), default=False)
    do_not_email = models.BooleanField(_("Do not e-mail"), default=False)
    do_not_sms = models.BooleanField(_("Do not send SMS"), default=False)
    preferred_channel = models.CharField(
        _("Preferred channel"), max_length=10, choices=Channel.choices, blank=True
    )
    email_frequency = models.CharField(
        _("E-mail frequency"), max_length=10, choices=Frequency.choices, blank=True
    )
    description = SealedTextField(
        _("Description"), blank=True, default="", max_length=10_000, uid="crm.contact.description"
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = (
            GinIndex(fields=["name_index"], name="contact_name"),
            # The owner is in them too, for those who see the records of some owners only.
            models.Index(
                fields=["name_rank", "id"],
                include=["owner"],
                name="contact_by_rank",
                condition=IN_USE,
            ),
            models.Index(
                fields=["lifecycle_stage", "name_rank", "id"],
                include=["owner"],
                name="contact_by_stage_rank",
                condition=IN_USE,
            ),
            models.Index(
                fields=["owner", "name_rank", "id"], name="contact_owner_rank", condition=IN_USE
            ),
            models.Index(fields=["updated_at", "id"], name="contact_changed", condition=IN_USE),
            models.Index(fields=["deleted_at"], name="contact_trash", condition=IN_TRASH),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("contact", self.pk)

    @property
    def name(self) -> str:
        """The whole name in the order of the language it is written in."""
        return full_name(self.given_name, self.family_name) or str(_("No name"))

    @property
    def places(self) -> list[Any]:
        """The person's places at companies, without those that lie in the trash."""
        return [each for each in self.listed("affiliations") if each.company.deleted_at is None]

    @property
    def trashed_places(self) -> list[Any]:
        """The places at companies in the trash: they are the person's again if those come back."""
        return [each for each in self.listed("affiliations") if each.company.deleted_at is not None]

    @property
    def main_place(self) -> Any:
        """The primary one of the places, or the first that is left, or None."""
        places = self.places
        return next((each for each in places if each.is_primary), next(iter(places), None))


class ContactTag(WorkspaceModel):
    """One tag on one contact."""

    owner_field: ClassVar[str] = "contact_id"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")

    objects = WorkspaceQuerySet["ContactTag"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["contact", "tag"], name="contact_tag_once"),)

    def __str__(self) -> str:
        return f"{self.contact_id} {self.tag_id}"
