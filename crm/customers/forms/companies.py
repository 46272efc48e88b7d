"""The form of a company."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.records.forms import RecordForm
from crm.customers import choices
from crm.customers.forms.fields import (
    CompanyField,
    IdChoiceField,
    IdsField,
    SuggestField,
    seen_company,
)
from crm.customers.models.companies import Company
from crm.customers.phones import show_phone

TEXTS = (
    "name", "website", "industry", "employees", "revenue", "currency", "founded_year", "street",
    "district", "city", "province", "postcode", "country", "source", "description",
)  # fmt: skip


class CompanyForm(RecordForm):
    """Everything a person may say about a company."""

    name = forms.CharField(label=_("Name"), max_length=200)
    website = forms.CharField(label=_("Website"), max_length=300, required=False)
    industry = SuggestField(choices.industries, label=_("Industry"), max_length=80, required=False)
    employees = forms.IntegerField(label=_("Employees"), min_value=0, required=False)
    revenue = forms.DecimalField(
        label=_("Annual revenue"), min_value=0, max_digits=18, decimal_places=2, required=False
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    founded_year = forms.IntegerField(
        label=_("Founded"), min_value=1000, max_value=2200, required=False, localize=False
    )
    parent = CompanyField(label=_("Parent company"), required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"})
    )
    street = forms.CharField(label=_("Street"), max_length=300, required=False)
    district = forms.CharField(label=_("District"), max_length=120, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    province = forms.CharField(label=_("State or province"), max_length=120, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=choices.country_choices, required=False)
    owner = IdChoiceField(choices.members, label=_("Owner"))
    lifecycle_stage = IdChoiceField(choices.stages, label=_("Stage"))
    source = SuggestField(choices.sources, label=_("Source"), max_length=80, required=False)
    tags = IdsField(choices.tags, label=_("Tags"))
    description = forms.CharField(
        label=_("Description"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    quick: ClassVar[tuple[str, ...]] = ("name", "website", "industry", "phone", "lifecycle_stage")
    groups: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = (
        (
            _("Company"),
            (
                "name",
                "website",
                "industry",
                "employees",
                "revenue",
                "currency",
                "founded_year",
                "parent",
            ),
        ),
        (_("Reach"), ("phone", "country", "province", "city", "district", "street", "postcode")),
        (_("Relationship"), ("owner", "lifecycle_stage", "source", "tags", "description")),
    )

    def initial_of(self, record: Company) -> dict[str, Any]:
        said = {name: getattr(record, name) for name in TEXTS}
        return said | {
            "phone": show_phone(record.phone) if record.phone else "",
            "parent": record.parent,
            "owner": record.owner_id,
            "lifecycle_stage": record.lifecycle_stage_id,
            "tags": record.tag_ids,
        }

    def prepare(self) -> None:
        if self.record is None:
            self.begin_with(owner=self.actor.user_id)
            self.initial["parent"] = seen_company(self.initial.get("parent"), self.actor)
        parent: Any = self.fields.get("parent")
        if parent is not None:
            parent.actor, parent.kept = self.actor, self.initial["parent"]
