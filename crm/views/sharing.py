"""The page on which a saved view is shared with people and teams."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access import authorize
from core.http import Request
from core.toasts import toast
from crm.views.models import SavedView, ViewShare
from crm.views.operations import end_view_share, share_view_with
from crm.views.views import address_of_view
from tenants.members.forms.recipients import RecipientForm


@require_http_methods(["GET", "POST"])
def view_sharing(request: Request, pk: UUID) -> HttpResponse:
    """Show with whom the view is shared; post shares it with one more."""
    view = _found(request, pk)
    authorize(request.actor, "views.share_view", view)
    form = RecipientForm(request.POST or None)
    if form.is_valid():
        try:
            share_view_with(view, actor=request.actor, **form.whom())
        except ValidationError as refusal:
            form.add_error("recipient", refusal.messages[0])
        else:
            toast(request, _("The view was shared."))
            return redirect("views:sharing", pk=pk)
    shares = view.shares.select_related("user", "team").order_by("created_at", "pk")
    context = {
        "view": view,
        "shares": list(shares),
        "form": form,
        "list_url": address_of_view(view),
        "breadcrumb": [
            {"label": view.name, "url": address_of_view(view)},
            {"label": _("Sharing")},
        ],
    }
    return render(
        request, "records/view_sharing.html", context, status=422 if form.is_bound else 200
    )


@require_POST
def view_share_end(request: Request, pk: UUID, share: UUID) -> HttpResponse:
    """Take the view back from one of those it is shared with."""
    found = get_object_or_404(ViewShare, pk=share, view=_found(request, pk))
    end_view_share(found, actor=request.actor)
    toast(request, _("The view is not shared with them any more."))
    return redirect("views:sharing", pk=pk)


def _found(request: Request, pk: UUID) -> SavedView:
    found: SavedView = get_object_or_404(SavedView.objects.visible_to(request.actor), pk=pk)
    return found
