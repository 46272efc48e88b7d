"""Contacts: the people customers are."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedDateField, SealedTextField
from compliance.encryption.indexes import PrefixIndexField, SortRankField
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from crm.customers.models.customer import Customer, CustomerQuerySet
from crm.customers.models.labels import Tag
from crm.customers.names import full_name

# Family name first, so that what begins a Chinese name stands before what ends it.
NAME_PARTS = ("family_name", "given_name")


LISTS = ("emails", "phones", "addresses", "affiliations")


class ContactQuerySet(CustomerQuerySet["Contact"]):
    """Reads of contacts."""

    _lists: tuple[str, ...] = ()
    _related: tuple[str, ...] = ()

    def with_lists(self, *lists: str, related: tuple[str, ...] = ()) -> Self:
        """Read these lists of each contact along: one query for each, however many contacts.

        Django's prefetch does the same, but makes a queryset for every list of every contact,
        which takes longer than all queries of a page together.
        """
        rows = self._chain()  # type: ignore[attr-defined]
        rows._lists, rows._related = lists or LISTS, related
        return rows

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._lists, clone._related = self._lists, self._related
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self._lists:
            for name in self._lists:
                read_list(self._result_cache or [], name, related=self._related)


def read_list(contacts: Sequence["Contact"], name: str, *, related: tuple[str, ...] = ()) -> None:
    """Give each contact its rows of this list, in the order of their positions."""
    by_id: dict[UUID, list[Any]] = {contact.pk: [] for contact in contacts}
    if by_id:
        for row in _rows_of(Contact._meta.get_field(name).related_model, list(by_id), related):
            by_id[row.contact_id].append(row)
    for contact in contacts:
        contact.keep_list(name, by_id[contact.pk])


def _rows_of(model: Any, ids: list[UUID], related: tuple[str, ...]) -> Iterable[Any]:
    joined = [path for path in related if path in {field.name for field in model._meta.fields}]
    if joined:
        rows = model.objects.filter(contact_id__in=ids).select_related(*joined)
        return rows.order_by("position", "pk")
    # The same, written out: putting it together takes longer than asking the database.
    table = model._meta.db_table
    sql = f'SELECT * FROM "{table}" WHERE contact_id = ANY(%s) ORDER BY position, id'  # noqa: S608  our table
    return model.objects.raw(sql, [ids])


class Contact(Customer):
    """A person. Everything that says who they are is sealed under a key of their own."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        SMS = "sms", _("SMS")
        POST = "post", _("Post")

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
    description = SealedTextField(
        _("Description"), blank=True, default="", max_length=10_000, uid="crm.contact.description"
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = (
            GinIndex(fields=["name_index"], name="contact_name"),
            models.Index(fields=["name_rank", "id"], name="contact_name_rank"),
            models.Index(fields=["updated_at", "id"], name="contact_updated"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("contact", args=[self.pk])

    @property
    def name(self) -> str:
        """The whole name in the order of the language it is written in."""
        return full_name(self.given_name, self.family_name) or str(_("No name"))

    def listed(self, name: str) -> list[Any]:
        """Return the contact's rows of one list; asked of the database unless they were read along."""
        kept = self.__dict__.get("kept_lists", {})
        if name not in kept:
            read_list([self], name, related=("company",))
        return self.__dict__["kept_lists"][name]

    def keep_list(self, name: str, rows: list[Any]) -> None:
        """Let the contact know its rows of one list."""
        self.__dict__.setdefault("kept_lists", {})[name] = rows

    def main(self, name: str) -> Any:
        """Return the primary one of the person's emails, phones, addresses or affiliations, or None."""
        return next((row for row in self.listed(name) if row.is_primary), None)

    @property
    def job_title(self) -> str:
        """The title of the person, else the one they have at their primary company."""
        affiliation = self.main("affiliations")
        return self.title or (affiliation.title if affiliation else "")


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
