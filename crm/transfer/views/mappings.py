"""The mappings people saved: which there are, what they are called, and forgetting them."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.http import Request
from core.toasts import toast
from crm.transfer.forms import MappingNameForm
from crm.transfer.mapping.listing import SavedMappingView, saved_mappings
from crm.transfer.models import SavedMapping
from crm.transfer.pages import crumbs
from crm.transfer.permissions import authorize_import
from crm.transfer.saving import forget_mapping, rename_mapping


@require_GET
def mappings(request: Request) -> HttpResponse:
    """List the saved mappings."""
    authorize_import(request.actor)
    return _list(request, saved_mappings())


@require_POST
def mapping_rename(request: Request, pk: UUID) -> HttpResponse:
    """Give a saved mapping another name."""
    saved = _found(request, pk)
    form = MappingNameForm(request.POST)
    try:
        if form.is_valid():
            rename_mapping(saved, name=form.cleaned_data["name"], actor=request.actor)
    except ValidationError as refusal:
        form.add_error("name", refusal)
    if form.is_valid():
        return redirect("transfer:mappings")
    rows = [each for each in saved_mappings() if each.saved.pk != pk]
    wrong = SavedMappingView(
        saved, request.POST.get("name", ""), [str(each) for each in form.errors["name"]]
    )
    return _list(request, [wrong, *rows], status=422)


@require_POST
def mapping_delete(request: Request, pk: UUID) -> HttpResponse:
    """Forget a saved mapping."""
    forget_mapping(_found(request, pk), actor=request.actor)
    toast(request, _("The mapping was deleted."))
    return redirect("transfer:mappings")


def _found(request: Request, pk: UUID) -> SavedMapping:
    authorize_import(request.actor)
    found: SavedMapping = get_object_or_404(SavedMapping, pk=pk)
    return found


def _list(request: Request, rows: list[SavedMappingView], *, status: int = 200) -> HttpResponse:
    context = {"mappings": rows, "breadcrumb": crumbs(_("Saved mappings"))}
    return render(request, "transfer/mappings.html", context, status=status)
