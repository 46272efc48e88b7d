"""What admins say of a provider, of whom it lets in, and as what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tenants.members.forms.lists import LineListField
from tenants.members.models import Role, Team
from tenants.sso.models import Connection


class IssuerForm(Form):
    """An OpenID Connect provider, which describes itself at its issuer's address."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As the button on the sign-in page calls it.")
    )
    issuer = forms.CharField(
        label=_("Issuer"),
        max_length=500,
        help_text=_("The provider's address, such as https://login.example.com."),
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=500)
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=1_000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, connection: Connection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if connection is not None and connection.sealed_secret:
            self.fields["secret"].help_text = _("Kept sealed. Empty leaves it as it is.")


class MetadataForm(Form):
    """A SAML provider, which describes itself in its metadata."""

    name = IssuerForm.base_fields["name"]
    metadata_url = forms.CharField(
        label=_("Metadata address"),
        max_length=500,
        required=False,
        help_text=_(
            "We read it now. Read it again here when the provider changes its certificate."
        ),
    )
    metadata = forms.CharField(
        label=_("Or the metadata itself"),
        max_length=1_000_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, connection: Connection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection = connection

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.connection is None and not (said.get("metadata_url") or said.get("metadata")):
            self.add_error("metadata_url", _("Give the address of the metadata, or the metadata."))
        return said


class PeopleForm(Form):
    """Whom a connection lets in, and what the provider's words for them are."""

    makes_members = forms.BooleanField(
        label=_("Make members of people who are new"),
        help_text=_(
            "Those with an address in a domain below. Everybody else needs an invitation before they sign in the first time."
        ),
        required=False,
    )
    default_role = forms.ModelChoiceField(
        label=_("Role without a matching group"),
        queryset=Role.objects.none(),
        required=False,
        empty_label=_("None: they are not let in"),
    )
    trusted_domains = LineListField(
        label=_("Domains the provider answers for"),
        help_text=_(
            "One on each line. Addresses there count as confirmed, so that members who are here already are recognised, and people who are new may join."
        ),
        required=False,
    )
    has_second_factor = forms.BooleanField(
        label=_("The provider asks for a second factor"),
        help_text=_("Then we do not ask for another one."),
        required=False,
    )
    is_unasked_allowed = forms.BooleanField(
        label=_("People may start at the provider"),
        help_text=_("Less safe: an answer nobody asked for can be slipped to somebody else."),
        required=False,
    )
    email_claim = forms.CharField(label=_("E-mail"), max_length=200, required=False)
    given_name_claim = forms.CharField(label=_("Given name"), max_length=200, required=False)
    family_name_claim = forms.CharField(label=_("Family name"), max_length=200, required=False)
    groups_claim = forms.CharField(label=_("Groups"), max_length=200, required=False)

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        initial = {name: getattr(connection, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
        field: Any = self.fields["default_role"]
        field.queryset = Role.objects.exclude(key=Role.Key.OWNER).in_order()
        if connection.is_oidc:
            del self.fields["is_unasked_allowed"]


class RuleForm(Form):
    """What a group of the provider's is here."""

    value = forms.CharField(label=_("Group at the provider"), max_length=300)
    role = forms.ModelChoiceField(
        label=_("Role"), queryset=Role.objects.none(), required=False, empty_label="—"
    )
    team = forms.ModelChoiceField(
        label=_("Which team"), queryset=Team.objects.none(), required=False, empty_label="—"
    )

    def __init__(self, *args: Any, may_teams: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        team: Any = self.fields["team"]
        role.queryset = Role.objects.exclude(key=Role.Key.OWNER).in_order()
        team.queryset = Team.objects.order_by("name")
        if not may_teams:
            del self.fields["team"]
