"""Today: what to do first in a new workspace, and the records of late."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.http import Request
from crm.home.checklist import checklist
from crm.home.recent import recent_records


@require_GET
def home(request: Request) -> HttpResponse:
    steps = checklist(request.actor)
    context = {
        "steps": steps,
        "done": sum(step.is_done for step in steps),
        "recent": recent_records(request.actor),
    }
    return render(request, "home/home.html", context)
