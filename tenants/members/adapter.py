"""Where the log-in library asks for our rules."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from core.isolation.scope import control_plane, current_workspace
from tenants.members.directory import forget_member, remember_member


class WorkspaceAccountAdapter(DefaultAccountAdapter):
    """Sign-up inside a workspace is closed: members come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Take the proven address, and let "find my workspaces" know it instead of the old one."""
        workspace, before = current_workspace(), email_address.user.email
        is_confirmed: bool = super().confirm_email(request, email_address)
        if is_confirmed:
            with control_plane("note a member's new address"):
                forget_member(workspace.id, before)
                remember_member(workspace.id, email_address.email)
        return is_confirmed
