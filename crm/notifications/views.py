"""The page of a member's notifications."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.http import Request
from core.toasts import toast
from crm.notifications.forms import PreferencesForm
from crm.notifications.models import Notification
from crm.notifications.operations import mark_read, set_preferences
from crm.notifications.preferences import wishes_of
from crm.notifications.reading import in_words, latest


@require_GET
def notification_list(request: Request) -> HttpResponse:
    told = latest(request.actor)
    context = {
        "told": told,
        "unread": sum(each.notification.read_at is None for each in told),
        "breadcrumb": [{"label": _("Notifications"), "url": ""}],
    }
    return render(request, "notifications/list.html", context)


@require_POST
def notification_open(request: Request, pk: UUID) -> HttpResponse:
    """Mark one as read and go to what it is about."""
    mine = Notification.objects.filter(member_id=request.actor.user_id)
    notification = get_object_or_404(mine, pk=pk)
    mark_read([notification.pk], actor=request.actor, at=now())
    told = in_words([notification], actor=request.actor)[0]
    return redirect(told.url or "notifications:list")


@require_POST
def notification_read_all(request: Request) -> HttpResponse:
    mark_read(None, actor=request.actor, at=now())
    return redirect("notifications:list")


@require_http_methods(["GET", "POST"])
def preferences(request: Request) -> HttpResponse:
    """Choose what is shown, and what is mailed at once or once a day."""
    form = PreferencesForm(request.POST or None, wishes=wishes_of(request.actor))
    if form.is_valid():
        set_preferences(form.wishes(), actor=request.actor)
        toast(request, _("Saved. It counts from now on."))
        return redirect("notifications:preferences")
    status = 422 if form.is_bound else 200
    return render(request, "notifications/preferences.html", {"form": form}, status=status)
