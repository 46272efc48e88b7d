"""Who works here, and who is invited."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access import authorize
from core.http import Request
from tenants.members.forms.people import InvitationForm
from tenants.members.models import Invitation, User
from tenants.members.operations.invitations import invite_member, revoke_invitation
from tenants.members.permissions import MANAGE_MEMBERS


@require_http_methods(["GET", "POST"])
def members(request: Request) -> HttpResponse:
    authorize(request.actor, MANAGE_MEMBERS)
    form = InvitationForm(request.POST or None)
    if form.is_valid() and _invite(request, form):
        return redirect("members:members")
    context = {
        "form": form,
        "members": User.objects.select_related("role").order_by("email"),
        "invitations": Invitation.objects.select_related("role")
        .filter(accepted_at=None, revoked_at=None, expires_at__gt=now())
        .order_by("-created_at"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "members/members.html", context, status=status)


def _invite(request: Request, form: InvitationForm) -> bool:
    try:
        invitation = invite_member(
            form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            actor=request.actor,
            language=request.workspace.language,
            at=now(),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Invitation sent to %(email)s.") % {"email": invitation.email})
    return True


@require_POST
def revoke(request: Request, pk: str) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    revoke_invitation(invitation, actor=request.actor, at=now())
    messages.success(request, _("The invitation does not work any more."))
    return redirect("members:members")
