"""Where the log-in library asks about providers, and about passwords in a workspace with some."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.outgoing import session
from tenants.members.adapter import WorkspaceAccountAdapter
from tenants.members.mailed_proof import MAIL
from tenants.members.models import User
from tenants.members.second_factors import VOUCHED
from tenants.members.ways_in import PasswordsClosed
from tenants.sso.enforcement import is_enforced, may_break_glass
from tenants.sso.models import Connection
from tenants.sso.operations.breaking_glass import note_broken_glass

BROKEN = "sso_glass"
MFA_STAGE, OUR_STAGE = "allauth.mfa.stages.AuthenticateStage", "tenants.sso.second_step.SecondStep"


class GuardedProviders(DefaultSocialAccountAdapter):
    """Providers are the workspace's own connections; they are asked past the guard alone."""

    def get_requests_session(self) -> Any:
        guarded = session()
        # Nothing that knows the client's secret is sent on to another address.
        guarded.max_redirects = 0
        return guarded


class SignOnAccountAdapter(WorkspaceAccountAdapter):
    """Log-in by password, code or passkey, where it is not closed; by provider, where there is one."""

    def pre_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse | None:
        is_by_provider = getattr(request, "sso_connection", None) is not None
        request.session.pop(BROKEN, None)
        if not is_by_provider:
            request.session.pop(VOUCHED, None)
            if is_enforced():
                if not may_break_glass(user):
                    refusal = PasswordsClosed()
                    context = {"refusal": refusal}
                    return render(request, "sso/refused.html", context, status=refusal.status)
                request.session[BROKEN] = str(user.pk)
        refused: HttpResponse | None = super().pre_login(request, user, **options)
        return refused

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        if request.session.pop(BROKEN, None) == str(user.pk):
            note_broken_glass(user, actor=user.as_actor())
        response: HttpResponse = super().post_login(request, user, **options)
        return response

    def get_login_stages(self) -> list[str]:
        return [OUR_STAGE if each == MFA_STAGE else each for each in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Offer the provider too; first of all to those who have nothing else, or may use nothing else."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        mine = Connection.objects.offered().filter(identities__user_id=user.pk)
        by_provider = [
            {
                "id": "sso",
                "description": connection.name,
                "url": reverse("sso:again", args=[connection.pk]),
            }
            for connection in mine
        ]
        is_first = is_enforced() or any(each["id"] == MAIL for each in ways)
        return by_provider + ways if is_first else ways + by_provider
