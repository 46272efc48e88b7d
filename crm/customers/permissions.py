"""Who may do what to companies and contacts."""

from django.utils.translation import gettext_lazy as _

from core.permissions import declare, declare_verbs

(
    VIEW_COMPANY, ADD_COMPANY, CHANGE_COMPANY, DELETE_COMPANY, DESTROY_COMPANY,
    EXPORT_COMPANY, IMPORT_COMPANY, BULK_COMPANY, SHARE_COMPANY,
) = declare_verbs("customers", "company", _("companies"))  # fmt: skip
(
    VIEW_CONTACT, ADD_CONTACT, CHANGE_CONTACT, DELETE_CONTACT, DESTROY_CONTACT,
    EXPORT_CONTACT, IMPORT_CONTACT, BULK_CONTACT, SHARE_CONTACT,
) = declare_verbs("customers", "contact", _("contacts"))  # fmt: skip
ADD_TAG = declare("customers.add_tag", _("Add tags"), roles=("manager", "rep", "marketer"))
ADD_STAGE = declare("customers.add_stage", _("Add stages"))
