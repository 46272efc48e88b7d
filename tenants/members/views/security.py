"""What the workspace demands of those who log in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access import authorize
from core.errors import OperationError
from core.http import Request
from tenants.members.forms.policies import PolicyForm
from tenants.members.models import LoginPolicy
from tenants.members.networks import client_address
from tenants.members.operations.policies import change_login_policy, require_second_factor
from tenants.members.permissions import CHANGE_SECURITY
from tenants.members.recent_login import recent_login_required


@recent_login_required
@require_http_methods(["GET", "POST"])
def security(request: Request) -> HttpResponse:
    authorize(request.actor, CHANGE_SECURITY)
    form = PolicyForm(request.POST or None, policy=LoginPolicy.objects.current())
    if form.is_valid() and _save(request, form):
        messages.success(request, _("Saved. It holds from everybody's next click on."))
        return redirect("members:security")
    context = {"form": form, "address": client_address(request)}
    return render(request, "members/security.html", context, status=422 if form.is_bound else 200)


def _save(request: Request, form: PolicyForm) -> bool:
    changes, at = dict(form.cleaned_data), now()
    roles = changes.pop("roles")
    try:
        change_login_policy(
            changes=changes, address=client_address(request), actor=request.actor, at=at
        )
    except OperationError as refusal:
        form.add_error("networks", str(refusal))
        return False
    except ValidationError as error:
        form.tell(error)
        return False
    require_second_factor({role.pk for role in roles}, actor=request.actor, at=at)
    return True
