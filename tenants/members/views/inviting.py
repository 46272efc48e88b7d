"""Inviting colleagues, and what becomes of invitations."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.access import authorize
from core.http import Request
from core.toasts import toast
from core.ui.formats import number
from tenants.members.forms.inviting import InviteForm
from tenants.members.models import Invitation
from tenants.members.operations.invitations import (
    Invited,
    Outcome,
    invite_members,
    resend_invitation,
    revoke_invitation,
)
from tenants.members.permissions import MANAGE_MEMBERS
from tenants.members.recent_login import recent_login_to_save, typed

# What was written wrongly, or has to wait for a seat, stays in the form.
STAYS = (Outcome.NO_ADDRESS, Outcome.NO_SEAT)


@recent_login_to_save
@require_http_methods(["GET", "POST"])
def invite(request: Request) -> HttpResponse:
    """Invite one or many; what could not be invited stays in the form, each with its reason."""
    authorize(request.actor, MANAGE_MEMBERS)
    form = InviteForm(typed(request), actor=request.actor)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "members/invite.html", {"form": form}, status=status)
    pasted = form.cleaned_data["emails"]
    results = invite_members(pasted, **form.place(), actor=request.actor, at=now())
    sent = sum(each.outcome == Outcome.INVITED for each in results)
    if sent == len(results):
        toast(request, _told(sent))
        return redirect("members:invitations")
    return _with_results(request, results, sent)


def _with_results(request: Request, results: list[Invited], sent: int) -> HttpResponse:
    data = request.POST.copy()
    data["emails"] = "\n".join(each.pasted.written for each in results if each.outcome in STAYS)
    form = InviteForm(initial={**data.dict(), "teams": data.getlist("teams")}, actor=request.actor)
    results = sorted(results, key=lambda each: each.outcome == Outcome.INVITED)
    context = {"form": form, "results": results, "sent": _told(sent) if sent else ""}
    return render(request, "members/invite.html", context, status=200 if sent else 422)


def _told(sent: int) -> str:
    words = ngettext("%(count)s invitation sent.", "%(count)s invitations sent.", sent)
    return words % {"count": number(sent)}


@require_POST
def resend(request: Request, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    resend_invitation(invitation, actor=request.actor, at=now())
    toast(request, _("Sent anew to %(email)s.") % {"email": invitation.email})
    return redirect("members:invitations")


@require_POST
def revoke(request: Request, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    revoke_invitation(invitation, actor=request.actor, at=now())
    toast(request, _("The invitation does not work any more."))
    return redirect("members:invitations")
