"""Photos of members: shown to colleagues, set by their owner."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.http import Request
from core.toasts import toast, toast_refusal
from crm.photos.operations import remove_photo, set_photo
from crm.photos.pictures import MEDIA_TYPE
from crm.photos.store import PHOTOS
from tenants.members.models import User

# Drawn by ourselves, and still nothing but a picture to the browser.
HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "inline",
}


@login_required
@require_GET
def photo(request: Request, pk: UUID) -> HttpResponse:
    """Show the photo that a member of this workspace has now."""
    if not User.objects.filter(photo=pk).exists():
        raise Http404
    return HttpResponse(b"".join(PHOTOS.opened(pk)), content_type=MEDIA_TYPE, headers=HEADERS)


@login_required
@require_POST
def photo_set(request: Request) -> HttpResponse:
    file: Any = request.FILES.get("photo")
    try:
        if file is None:
            raise ValidationError(_("Choose a picture first."))
        set_photo(_own(request), source=file, actor=request.actor)
    except ValidationError as refusal:
        toast_refusal(request, refusal)
    else:
        toast(request, _("Colleagues see your new photo now."))
    return redirect("members:profile")


@login_required
@require_POST
def photo_remove(request: Request) -> HttpResponse:
    remove_photo(_own(request), actor=request.actor)
    toast(request, _("Photo removed."))
    return redirect("members:profile")


def _own(request: Request) -> User:
    own: User = User.objects.get(pk=str(request.actor.user_id))
    return own
