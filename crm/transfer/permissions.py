"""Who may bring files in."""

from django.utils.translation import gettext_lazy as _

from core.permissions import declare

IMPORT_RECORDS = declare(
    "transfer.import_records", _("Import records from files"), roles=("manager", "rep", "marketer")
)
