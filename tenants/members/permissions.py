"""What may be done to members and to the workspace itself."""

from django.utils.translation import gettext_lazy as _

from core.access import declare

MANAGE_MEMBERS = declare("members.manage_members", _("Invite and remove members"))
CHANGE_WORKSPACE = declare(
    "members.change_workspace", _("Change the workspace's name and settings")
)
