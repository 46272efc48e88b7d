"""What may be done to members, roles, teams and the workspace itself."""

from django.utils.translation import gettext_lazy as _

from core.permissions import declare

MANAGE_MEMBERS = declare("members.manage_members", _("Invite and remove members"))
MANAGE_ROLES = declare("members.manage_roles", _("Change roles and who has which"))
MANAGE_TEAMS = declare(
    "members.manage_teams",
    _("Change teams and who is in which"),
    hint=_("Who has it decides whose records rights over teams reach, their own included."),
)
MANAGE_SERVICE_ACCOUNTS = declare(
    "members.manage_service_accounts", _("Manage service accounts and their keys")
)
VIEW_AS = declare("members.view_as", _("Look at the workspace as another member"))
CHANGE_SECURITY = declare(
    "members.change_security", _("Change what is demanded of those who sign in")
)
TRANSFER_OWNERSHIP = declare(
    "members.transfer_ownership", _("Make somebody else an owner"), is_for_owners=True
)
