"""Looking at the workspace as another member."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from core.http import Request
from tenants.members.models import User
from tenants.members.operations.viewing import begin_viewing, end_viewings
from tenants.members.recent_login import recent_login_to_send
from tenants.members.viewing import VIEWING


@recent_login_to_send("members:member", "pk")
def view_as(request: Request, pk: UUID) -> HttpResponse:
    """Begin to look as this member, on the first page they would see."""
    viewing = begin_viewing(get_object_or_404(User, pk=pk), actor=request.actor, at=now())
    request.session[VIEWING] = str(viewing.pk)
    return redirect("home")


@require_POST
def view_as_end(request: Request) -> HttpResponse:
    """Be oneself again, where the viewing began."""
    member, user = request.actor.user_id, request.user
    if not user.is_authenticated:
        raise PermissionDenied
    end_viewings(actor=user.as_actor(), at=now())
    request.session.pop(VIEWING, None)
    return redirect("members:member", pk=member)
