"""A member's own settings: profile, preferences, sessions."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import can
from core.http import Request
from core.platform_pages.views import safe_next
from tenants.members.browsers import browser_name
from tenants.members.forms.colleagues import LeavingForm
from tenants.members.forms.people import PreferencesForm, ProfileForm
from tenants.members.models import Session, User
from tenants.members.operations.leaving import default_successor, leave_workspace
from tenants.members.operations.own import update_profile
from tenants.members.operations.roles import is_last_owner
from tenants.members.operations.sessions import end_session, end_sessions_elsewhere
from tenants.members.permissions import MANAGE_MEMBERS
from tenants.members.recent_login import recent_login_required


@require_GET
def settings_home(request: Request) -> HttpResponse:
    """Settings begin with what everybody has: their own profile."""
    return redirect("members:profile")


@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponse:
    member = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=member)
    if form.is_valid():
        user = update_profile(member, changes=form.changes, actor=request.actor)
        with override(user.language):
            messages.success(request, _("Profile saved."))
        return redirect("members:profile")
    return render(
        request, "members/profile.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_POST
def preferences(request: Request) -> HttpResponse:
    """Change a preference from a menu: language, theme, sidebar."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    member = User.objects.get(pk=request.user.pk)
    update_profile(member, changes=form.preferences(), actor=request.actor)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect(safe_next(request))


@require_GET
def sessions(request: Request) -> HttpResponse:
    """Where this member is logged in."""
    found = Session.objects.running(request.user.pk, at=now())
    rows = [{"session": each, "browser": browser_name(each.user_agent)} for each in found]
    context = {"rows": rows, "current": request.session.session_key}
    return render(request, "members/sessions.html", context)


@require_POST
def end_one_session(request: Request, pk: UUID) -> HttpResponse:
    """Log out in one other browser."""
    if not end_session(pk, actor=request.actor):
        raise Http404
    messages.success(request, _("That browser is signed out."))
    return redirect("members:sessions")


@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    """Log out everywhere but here."""
    end_sessions_elsewhere(keep=request.session.session_key or "", actor=request.actor)
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("members:sessions")


@recent_login_required
@require_http_methods(["GET", "POST"])
def leave(request: Request) -> HttpResponse:
    """Leave the workspace, or be told why one cannot and what to do about it."""
    member = User.objects.select_related("role").get(pk=str(request.user.pk))
    may_choose = can(request.actor, MANAGE_MEMBERS)
    form = LeavingForm(request.POST if request.method == "POST" else None, member=member)
    form.initial["successor"] = default_successor(member)
    if form.is_valid():
        leave_workspace(successor=form.cleaned_data["successor"], actor=request.actor)
        logout(request)
        messages.success(request, _("You have left the workspace. Your account is closed."))
        return redirect("account_login")
    context = {
        "form": form if may_choose else None,
        "successor": default_successor(member),
        "is_last_owner": is_last_owner(member),
    }
    status = 422 if form.is_bound else 200
    return render(request, "members/leave.html", context, status=status)
