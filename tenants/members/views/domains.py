"""The domains whose people may join by themselves."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import authorize
from core.errors import OperationError
from core.http import Request
from core.toasts import toast, toast_refusal
from tenants.members.forms.domains import DomainForm, DomainPlaceForm
from tenants.members.models import MailDomain
from tenants.members.operations.domains import (
    add_domain,
    check_domain,
    remove_domain,
    update_domain,
)
from tenants.members.permissions import MANAGE_MEMBERS
from tenants.members.recent_login import recent_login_to_save, recent_login_to_send, typed


@require_GET
def domains(request: Request) -> HttpResponse:
    authorize(request.actor, MANAGE_MEMBERS)
    rows = MailDomain.objects.select_related("role").order_by("name")
    return render(request, "members/domains.html", {"domains": rows})


@require_http_methods(["GET", "POST"])
@recent_login_to_save
def domain_new(request: Request) -> HttpResponse:
    authorize(request.actor, MANAGE_MEMBERS)
    form = DomainForm(typed(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            domain = add_domain(name, **form.place(), actor=request.actor)
        except ValidationError as error:
            form.tell(error)
        else:
            return redirect("members:domain", pk=domain.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "members/domain_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@recent_login_to_save
def domain(request: Request, pk: UUID) -> HttpResponse:
    """Show the record that proves the domain, and change as what its people come in."""
    authorize(request.actor, MANAGE_MEMBERS)
    found = get_object_or_404(MailDomain.objects.select_related("role"), pk=pk)
    initial = {"role": found.role_id, "teams": found.team_ids}
    form = DomainPlaceForm(typed(request), actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        update_domain(found, **form.place(), actor=request.actor)
        toast(request, _("%(name)s saved.") % {"name": found.name})
        return redirect("members:domains")
    context = {"domain": found, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "members/domain.html", context, status=status)


@require_POST
def domain_check(request: Request, pk: UUID) -> HttpResponse:
    """Look for the record now."""
    found = get_object_or_404(MailDomain, pk=pk)
    try:
        check_domain(found, actor=request.actor, at=now())
    except OperationError as refusal:
        toast_refusal(request, refusal)
    else:
        toast(request, _("%(name)s is proven. Its people may join.") % {"name": found.name})
    return redirect("members:domain", pk=pk)


@recent_login_to_send("members:domain", "pk")
def domain_remove(request: Request, pk: UUID) -> HttpResponse:
    found = get_object_or_404(MailDomain, pk=pk)
    remove_domain(found, actor=request.actor)
    toast(request, _("Nobody joins by %(name)s any more.") % {"name": found.name})
    return redirect("members:domains")
