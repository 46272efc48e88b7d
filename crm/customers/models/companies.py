"""Companies."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedTextField
from compliance.encryption.indexes import ExactIndexField
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.records.addresses import address_of
from crm.customers.addresses import PostalAddress
from crm.customers.industries import industry_label
from crm.customers.models.customer import IN_TRASH, IN_USE, Customer, CustomerQuerySet
from crm.customers.models.labels import Tag


class CompanyQuerySet(CustomerQuerySet["Company"]):
    """Reads of companies."""


class Company(Customer):
    """An organisation. Its name and domain are public facts; how to reach it is sealed."""

    name = models.CharField(_("Name"), max_length=200)
    # What lists sort by and searches look at: made from the name, pinyin included.
    name_key = models.CharField(max_length=120, editable=False, default="")
    search_terms = ArrayField(
        models.CharField(max_length=100), editable=False, default=list, blank=True
    )
    website = models.URLField(_("Website"), max_length=300, blank=True)
    domain = models.CharField(_("Domain"), max_length=253, blank=True, editable=False)
    industry = models.CharField(_("Industry"), max_length=80, blank=True)
    employees = models.PositiveIntegerField(_("Employees"), null=True, blank=True)
    revenue = models.DecimalField(
        _("Annual revenue"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    founded_year = models.PositiveSmallIntegerField(
        _("Founded"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1000), MaxValueValidator(2200)],
    )
    phone = SealedTextField(
        _("Phone"), max_length=40, blank=True, default="", uid="crm.company.phone"
    )
    phone_index = ExactIndexField(source="phone", normalise="phone")
    street = SealedTextField(
        _("Street"), max_length=300, blank=True, default="", uid="crm.company.street"
    )
    district = SealedTextField(
        _("District"), max_length=120, blank=True, default="", uid="crm.company.district"
    )
    city = SealedTextField(
        _("City"), max_length=120, blank=True, default="", uid="crm.company.city"
    )
    postcode = SealedTextField(
        _("Postcode"), max_length=20, blank=True, default="", uid="crm.company.postcode"
    )
    province = models.CharField(_("State or province"), max_length=120, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="subsidiaries",
        verbose_name=_("Parent company"),
    )
    tags = models.ManyToManyField(Tag, through="CompanyTag", related_name="companies")
    description = SealedTextField(
        _("Description"), blank=True, default="", max_length=10_000, uid="crm.company.description"
    )

    named_by = ("name", "deleted_at")

    objects = CompanyQuerySet.as_manager()

    class Meta:
        indexes = (
            # The owner is in them too, for those who see the records of some owners only.
            models.Index(
                fields=["name_key", "id"],
                include=["owner"],
                name="company_by_key",
                condition=IN_USE,
            ),
            models.Index(
                fields=["lifecycle_stage", "name_key", "id"],
                include=["owner"],
                name="company_by_stage_key",
                condition=IN_USE,
            ),
            models.Index(
                fields=["owner", "name_key", "id"], name="company_owner_key", condition=IN_USE
            ),
            models.Index(fields=["updated_at", "id"], name="company_changed", condition=IN_USE),
            models.Index(fields=["deleted_at"], name="company_trash", condition=IN_TRASH),
            models.Index(fields=["domain"], name="company_domain", condition=~Q(domain="")),
            GinIndex(fields=["search_terms"], name="company_search"),
        )
        constraints = (
            models.CheckConstraint(
                name="company_not_its_own_parent",
                condition=~Q(parent=F("id")),
                violation_error_message=_("A company cannot be its own parent."),
            ),
            models.CheckConstraint(
                name="company_revenue_not_negative",
                condition=Q(revenue=None) | Q(revenue__gte=0),
                violation_error_message=_("Annual revenue cannot be negative."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("company", self.pk)

    @property
    def industry_name(self) -> str:
        return industry_label(self.industry)

    @property
    def address(self) -> PostalAddress:
        return PostalAddress(
            self.street, self.district, self.city, self.province, self.postcode, self.country
        )


class CompanyTag(WorkspaceModel):
    """One tag on one company."""

    owner_field: ClassVar[str] = "company_id"

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")

    objects = WorkspaceQuerySet["CompanyTag"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "tag"], name="company_tag_once"),)

    def __str__(self) -> str:
        return f"{self.company_id} {self.tag_id}"
