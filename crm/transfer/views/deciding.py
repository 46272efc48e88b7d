"""Deciding about an import: which column goes where, and what else counts."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.http import Request
from core.records.registry import PersonalData
from crm.transfer.engine.running import plan_of
from crm.transfer.forms import MappingForm, OptionsForm
from crm.transfer.jobs import check_now_or_later
from crm.transfer.mapping.columns import BadMapping
from crm.transfer.mapping.remembering import saved_for
from crm.transfer.matching import look, matched
from crm.transfer.models import Import
from crm.transfer.operations import choose_options, map_columns
from crm.transfer.options import Options
from crm.transfer.saving import save_mapping
from crm.transfer.views.shared import OPEN, context_of, opened


@require_http_methods(["GET", "POST"])
def import_map(request: Request, pk: UUID) -> HttpResponse:
    """Show each column with samples and its field."""
    the_import = opened(request, pk)
    if the_import.state not in OPEN:
        return redirect(the_import)
    form = _mapping_form(request, the_import)
    if request.method == "POST" and form.is_valid():
        try:
            _map(request, the_import, form)
        except BadMapping as refusal:
            form.tell(refusal)
        else:
            return redirect("transfer:options", pk)
    names = [column.name for column in form.mapping.columns]
    context = context_of(
        request, the_import, step=2, form=form, saved=saved_for(the_import.record_type, names)
    )
    return render(request, "transfer/map.html", context, status=422 if form.errors else 200)


def _mapping_form(request: Request, the_import: Import) -> MappingForm:
    importer = plan_of(the_import).importer
    table = look(the_import)
    mapping = matched(the_import, table, importer, request.actor)
    data = request.POST if request.method == "POST" else None
    return MappingForm(data, table=table, mapping=mapping, importer=importer)


def _map(request: Request, the_import: Import, form: MappingForm) -> None:
    the_import = map_columns(the_import, mapping=form.chosen, actor=request.actor)
    if name := form.cleaned_data.get("save_as", "").strip():
        save_mapping(the_import, name=name, actor=request.actor)


@require_http_methods(["GET", "POST"])
def import_options(request: Request, pk: UUID) -> HttpResponse:
    """Ask what else counts; then check the file."""
    the_import = opened(request, pk)
    if the_import.state not in OPEN:
        return redirect(the_import)
    plan = plan_of(the_import)
    data: Any = request.POST if request.method == "POST" else None
    form = OptionsForm(
        data,
        importer=plan.importer,
        is_person=isinstance(plan.record_type.personal_data, PersonalData),
        options=Options.from_json(the_import.options),
    )
    if request.method == "POST" and form.is_valid():
        choose_options(the_import, options=form.chosen, actor=request.actor)
        check_now_or_later(the_import, actor=request.actor)
        return redirect("transfer:check", pk)
    context = context_of(request, the_import, step=3, form=form)
    return render(request, "transfer/options.html", context, status=422 if form.errors else 200)
