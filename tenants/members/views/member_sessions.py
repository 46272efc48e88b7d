"""Where a member is signed in, as those see and end it who run the workspace."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.http import Request
from core.toasts import toast
from tenants.members.browsers import browser_name
from tenants.members.models import Session, User
from tenants.members.operations.member_sessions import end_member_session, end_member_sessions
from tenants.members.recent_login import recent_login_to_send


def sessions_of(member: User) -> list[dict[str, Any]]:
    """Return where the member is signed in: browsers and times, and no places."""
    running = Session.objects.running(member.pk, at=now())
    return [{"session": each, "browser": browser_name(each.user_agent)} for each in running]


@recent_login_to_send("members:member", "pk")
def member_session_end(request: Request, pk: UUID, session: UUID) -> HttpResponse:
    """Sign the member out in one browser."""
    if not end_member_session(_found(pk), session, actor=request.actor):
        raise Http404
    toast(request, _("That browser is signed out."))
    return redirect("members:member", pk=pk)


@recent_login_to_send("members:member", "pk")
def member_sessions_end(request: Request, pk: UUID) -> HttpResponse:
    """Sign the member out everywhere."""
    found = _found(pk)
    end_member_sessions(found, actor=request.actor)
    toast(request, _("%(name)s is signed out everywhere.") % {"name": found.name})
    return redirect("members:member", pk=pk)


def _found(pk: UUID) -> User:
    found: User = get_object_or_404(User.objects.filter(is_service=False), pk=pk)
    return found
