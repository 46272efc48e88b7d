"""What companies and contacts are called on the screen, and what happens to them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.records.registry import Menu
from core.ui.formats import number


def count_contacts(count: int) -> str:
    """Return the number of contacts in words."""
    return ngettext("%(count)s contact", "%(count)s contacts", count) % {"count": number(count)}


def count_companies(count: int) -> str:
    """Return the number of companies in words."""
    return ngettext("%(count)s company", "%(count)s companies", count) % {"count": number(count)}


def count_subsidiaries(count: int) -> str:
    """Return the number of companies below another one in words."""
    return ngettext("%(count)s subsidiary", "%(count)s subsidiaries", count) % {
        "count": number(count)
    }


CONTACT_MENU = Menu(
    slug="contacts",
    icon="users",
    group=_("Sales"),
    label=_("Contact"),
    plural=_("Contacts"),
    new=_("New contact"),
    empty_title=_("No contacts yet"),
    empty_hint=_("The people you do business with belong here, with every way to reach them."),
    counted=count_contacts,
    key="c",
    import_url="transfer:start",
)
COMPANY_MENU = Menu(
    slug="companies",
    icon="building-2",
    group=_("Sales"),
    label=_("Company"),
    plural=_("Companies"),
    new=_("New company"),
    empty_title=_("No companies yet"),
    empty_hint=_("The organisations you sell to belong here, each with its people."),
    counted=count_companies,
    key="o",
    import_url="transfer:start",
)
SEARCH_CONTACTS = _("Name, e-mail or whole number")
SEARCH_COMPANIES = _("Name or domain")
CONTACT_EVENTS: dict[str, Promise] = {
    "contact.created": _("added this contact"),
    "contact.updated": _("changed this contact"),
    "contact.deleted": _("moved this contact to the trash"),
    "contact.restored": _("restored this contact"),
    "contact.destroyed": _("destroyed this contact"),
    "contact.merged": _("merged another contact into this one"),
    "contact.unmerged": _("took a merge back"),
    "contact.shared": _("shared this contact"),
    "contact.unshared": _("ended sharing this contact"),
}
COMPANY_EVENTS: dict[str, Promise] = {
    "company.created": _("added this company"),
    "company.updated": _("changed this company"),
    "company.deleted": _("moved this company to the trash"),
    "company.restored": _("restored this company"),
    "company.destroyed": _("destroyed this company"),
    "company.merged": _("merged another company into this one"),
    "company.unmerged": _("took a merge back"),
    "company.shared": _("shared this company"),
    "company.unshared": _("ended sharing this company"),
}
