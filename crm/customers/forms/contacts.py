"""The form of a contact, with rows for e-mail addresses, numbers, companies and addresses."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.forms import in_name_order
from core.records.forms import RecordForm, RowForm
from crm.customers import choices
from crm.customers.forms.fields import (
    LABELS,
    LANGUAGES,
    CompanyField,
    IdChoiceField,
    IdsField,
    SuggestField,
    seen_company,
)
from crm.customers.models.contacts import Contact
from crm.customers.phones import show_phone

TEXTS = (
    "given_name", "family_name", "title", "language", "birthday", "source", "do_not_call",
    "do_not_email", "do_not_sms", "preferred_channel", "email_frequency", "description",
)  # fmt: skip


class EmailRow(RowForm):
    telling = ("email",)

    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    label = forms.ChoiceField(label=_("Label"), choices=LABELS, required=False)
    primary = forms.BooleanField(label=_("Primary"), required=False)


class PhoneRow(RowForm):
    telling = ("number",)

    number = forms.CharField(
        label=_("Number"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"})
    )
    label = forms.ChoiceField(label=_("Label"), choices=LABELS, required=False)
    primary = forms.BooleanField(label=_("Primary"), required=False)


class CompanyRow(RowForm):
    telling = ("company", "title")
    needs_actor = True

    company = CompanyField(label=_("Company"), required=False)
    title = forms.CharField(label=_("Role there"), max_length=150, required=False)
    started_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    ended_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    primary = forms.BooleanField(label=_("Primary"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company: Any = self.fields["company"]
        company.actor = actor
        # A place one may not see keeps its name while nobody writes another.
        company.kept = self.initial.get("company")
        if company.kept is not None and company.kept.deleted_at is not None:
            company.help_text = _("This company is in the trash.")


class AddressRow(RowForm):
    telling = ("country", "street", "district", "city", "province", "postcode")

    label = forms.ChoiceField(label=_("Label"), choices=LABELS, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=choices.country_choices, required=False)
    province = forms.CharField(label=_("State or province"), max_length=120, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    district = forms.CharField(label=_("District"), max_length=120, required=False)
    street = forms.CharField(label=_("Street"), max_length=300, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    primary = forms.BooleanField(label=_("Primary"), required=False)


class ContactForm(RecordForm):
    """Everything a person may say about a contact."""

    given_name = forms.CharField(label=_("Given name"), max_length=120, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=120, required=False)
    title = forms.CharField(label=_("Job title"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    birthday = forms.DateField(
        label=_("Birthday"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    owner = IdChoiceField(choices.members, label=_("Owner"))
    lifecycle_stage = IdChoiceField(choices.stages, label=_("Stage"))
    source = SuggestField(choices.sources, label=_("Source"), max_length=80, required=False)
    tags = IdsField(choices.tags, label=_("Tags"))
    preferred_channel = forms.ChoiceField(
        label=_("Preferred channel"), choices=[("", "—"), *Contact.Channel.choices], required=False
    )
    email_frequency = forms.ChoiceField(
        label=_("E-mail frequency"), choices=[("", "—"), *Contact.Frequency.choices], required=False
    )
    do_not_call = forms.BooleanField(label=_("Do not call"), required=False)
    do_not_email = forms.BooleanField(label=_("Do not e-mail"), required=False)
    do_not_sms = forms.BooleanField(label=_("Do not send SMS"), required=False)
    description = forms.CharField(
        label=_("Description"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    lists: ClassVar[dict[str, type[RowForm]]] = {
        "emails": EmailRow,
        "phones": PhoneRow,
        "companies": CompanyRow,
        "addresses": AddressRow,
    }
    list_labels: ClassVar[dict[str, Any]] = {
        "emails": _("E-mail addresses"),
        "phones": _("Phone numbers"),
        "companies": _("Companies"),
        "addresses": _("Addresses"),
    }
    quick: ClassVar[tuple[str, ...]] = (
        "given_name", "family_name", "title", "emails", "phones", "companies", "lifecycle_stage",
    )  # fmt: skip
    groups: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = (
        (_("Person"), ("given_name", "family_name", "title", "language", "birthday")),
        (_("Reach"), ("emails", "phones", "addresses")),
        (_("Work"), ("companies",)),
        (_("Relationship"), ("owner", "lifecycle_stage", "source", "tags", "description")),
        (
            _("Preferences"),
            ("preferred_channel", "email_frequency", "do_not_call", "do_not_email", "do_not_sms"),
        ),
    )

    def initial_of(self, record: Contact) -> dict[str, Any]:
        said = {name: getattr(record, name) for name in TEXTS}
        return said | {
            "owner": record.owner_id,
            "lifecycle_stage": record.lifecycle_stage_id,
            "tags": record.tag_ids,
            "emails": [_row(each, "email") for each in record.listed("emails")],
            "phones": [
                _row(each, "number") | {"number": show_phone(each.number)}
                for each in record.listed("phones")
            ],
            "companies": [
                _row(each, "company", "title", "started_on", "ended_on")
                for each in record.listed("affiliations")
            ],
            "addresses": [
                _row(each, "street", "district", "city", "province", "postcode", "country")
                for each in record.listed("addresses")
            ],
        }

    def arranged(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return in_name_order(names)

    def prepare(self) -> None:
        self._keep_language()
        if self.record is None:
            self.begin_with(owner=self.actor.user_id)
            company = seen_company(self.initial.pop("company", ""), self.actor)
            if company is not None:
                self.initial["companies"] = [{"company": company, "primary": True}]

    def _keep_language(self) -> None:
        """Offer a language nobody chooses here too, or saving anything else would clear it."""
        said, field = self.initial.get("language") or "", self.fields.get("language")
        if isinstance(field, forms.ChoiceField) and said not in dict(LANGUAGES):
            field.choices = [*LANGUAGES, (said, said)]


def _row(row: Any, *names: str) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in names}
    return {**said, "label": getattr(row, "label", ""), "primary": row.is_primary}
