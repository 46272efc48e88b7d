"""Where the log-in library asks for our rules."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.urls import reverse

from core.http import is_own_address
from core.isolation.scope import control_plane, current_workspace
from tenants.members.directory import forget_member, remember_member
from tenants.members.mailed_proof import MAIL
from tenants.members.models import User
from tenants.members.operations.logins import note_login_changed

CHANGES = {
    "account/email/password_changed": "password_changed",
    "account/email/password_set": "password_changed",
    "account/email/password_reset": "password_changed",
    "account/email/email_changed": "email_changed",
}


class WorkspaceAccountAdapter(DefaultAccountAdapter):
    """Sign-up inside a workspace is closed: members come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Return whether somebody may be sent on to this address; the library would lead to other workspaces too."""
        return is_own_address(url, self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Offer a mailed code to those who have neither a password nor a factor."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if ways or not user.is_authenticated:
            return ways
        return [{"id": MAIL, "description": "", "url": reverse("members:prove-by-mail")}]

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Follow what the library's own pages changed of a log-in; our own pages do so themselves."""
        change = CHANGES.get(template_prefix)
        if change:
            keep = self.request.session.session_key if self.request.user.is_authenticated else ""
            note_login_changed(
                user, change=change, keep=keep or "", actor=user.as_actor(), to=email
            )

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Take the proven address, and let "find my workspaces" know it instead of the old one."""
        workspace, before = current_workspace(), email_address.user.email
        is_confirmed: bool = super().confirm_email(request, email_address)
        if is_confirmed:
            with control_plane("note a member's new address"):
                forget_member(workspace.id, before)
                remember_member(workspace.id, email_address.email)
        return is_confirmed
