"""Saying once more who one is, by a code in one's mailbox."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.views import BaseReauthenticateView
from django.http import HttpResponse
from django.shortcuts import redirect

from core.http import Request
from core.limits import refuse_flood
from tenants.members.mailed_proof import MailedProof


class ByMail(BaseReauthenticateView):
    """Mail a code when asked to, and take it; then go on to where it was needed.

    Only for those who have neither a password nor a factor, as a mailbox proves the least.
    """

    request: Request
    form_class = ConfirmLoginCodeForm
    template_name = "members/mailed_proof.html"

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "send":
            refuse_flood(request, "proof_code", key=str(request.user.pk))
            MailedProof.begin(request)
            return redirect(self.passthrough_next_url(request.path))
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    @property
    def proof(self) -> MailedProof | None:
        """The proof whose code is awaited; none before one is sent, or once it counts no more."""
        return MailedProof.under_way(self.request)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "code": self.proof.code if self.proof else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_awaited": self.proof is not None}

    def form_valid(self, form: Any) -> HttpResponse:
        if self.proof is not None:
            self.proof.finish()
        answer: HttpResponse = super().form_valid(form)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        if self.proof is not None:
            self.proof.record_invalid_attempt()
        context = self.get_context_data(form=form)
        answer: HttpResponse = self.render_to_response(context, status=422)
        return answer


by_mail = ByMail.as_view()
