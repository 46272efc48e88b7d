"""Where the log-in library asks for our rules."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class WorkspaceAccountAdapter(DefaultAccountAdapter):
    """Sign-up inside a workspace is closed: members come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the language of the page that caused it, naming the workspace as the sender."""
        super().send_mail(template_prefix, email, context)
