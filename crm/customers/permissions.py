"""Who may do what to companies and contacts."""

from django.utils.translation import gettext_lazy as _

from core.access import declare, rule
from core.actors import Actor
from core.records.models import Record

WRITERS = ("rep",)
READERS = ("rep", "viewer")

VIEW_COMPANY = declare("customers.view_company", _("See companies"), roles=READERS)
ADD_COMPANY = declare("customers.add_company", _("Add companies"), roles=WRITERS)
CHANGE_COMPANY = declare("customers.change_company", _("Change companies"), roles=WRITERS)
DELETE_COMPANY = declare("customers.delete_company", _("Delete companies"), roles=WRITERS)
VIEW_CONTACT = declare("customers.view_contact", _("See contacts"), roles=READERS)
ADD_CONTACT = declare("customers.add_contact", _("Add contacts"), roles=WRITERS)
CHANGE_CONTACT = declare("customers.change_contact", _("Change contacts"), roles=WRITERS)
DELETE_CONTACT = declare("customers.delete_contact", _("Delete contacts"), roles=WRITERS)
DESTROY_COMPANY = declare("customers.destroy_company", _("Destroy companies in the trash"))
DESTROY_CONTACT = declare("customers.destroy_contact", _("Destroy contacts in the trash"))
ADD_TAG = declare("customers.add_tag", _("Add tags"), roles=WRITERS)
ADD_STAGE = declare("customers.add_stage", _("Add stages"))
EXPORT_COMPANY = declare("customers.export_company", _("Export companies"), roles=WRITERS)
EXPORT_CONTACT = declare("customers.export_contact", _("Export contacts"), roles=WRITERS)


@rule(CHANGE_COMPANY, DELETE_COMPANY, CHANGE_CONTACT, DELETE_CONTACT)
def owns_it_or_sees_all(actor: Actor, record: Record) -> bool:
    return record.is_seen_by(actor)
