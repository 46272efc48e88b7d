"""Today: what to do first in a new workspace, the sample data, the records of late."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.http import Request
from crm.home.checklist import checklist
from crm.home.recent import recent_records
from crm.home.samples.operations import add_samples, has_samples, remove_samples


@require_GET
def home(request: Request) -> HttpResponse:
    steps = checklist(request.actor)
    context = {
        "steps": steps,
        "done": sum(step.is_done for step in steps),
        "today": localdate(),
        "recent": recent_records(request.actor),
        "has_samples": has_samples(),
    }
    return render(request, "home/home.html", context)


@require_POST
def samples_add(request: Request) -> HttpResponse:
    add_samples(actor=request.actor)
    messages.success(request, _("Sample companies and people are in. Look around."))
    return redirect("company-list")


@require_POST
def samples_remove(request: Request) -> HttpResponse:
    count = remove_samples(actor=request.actor)
    messages.success(
        request,
        ngettext("%(count)s sample record removed.", "%(count)s sample records removed.", count)
        % {"count": count},
    )
    return redirect("home")
