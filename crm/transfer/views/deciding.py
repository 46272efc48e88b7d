"""Deciding about an import: which column goes where, and what else counts."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from core.http import Request
from core.records.importing import ImportInto
from core.records.registry import PersonalData
from crm.transfer import files
from crm.transfer.engine.running import carry_on, plan_of
from crm.transfer.forms import MappingForm, OptionsForm
from crm.transfer.jobs import continue_import
from crm.transfer.mapping.columns import BadMapping, Mapping
from crm.transfer.mapping.guessing import guess
from crm.transfer.mapping.remembering import past_fields, saved_for
from crm.transfer.models import Import
from crm.transfer.operations import begin_check, choose_options, map_columns
from crm.transfer.options import Options
from crm.transfer.reading.files import look_at
from crm.transfer.reading.table import Layout, Table
from crm.transfer.saving import save_mapping
from crm.transfer.views.shared import OPEN, context_of, visible

# Up to this size a check is done before the page could ask how far it is.
CHECKED_AT_ONCE = 128 * 1024


@require_http_methods(["GET", "POST"])
def import_map(request: Request, pk: UUID) -> HttpResponse:
    """Show each column with samples and its field."""
    the_import = visible(request, pk)
    if the_import.state not in OPEN:
        return redirect(the_import)
    form = _mapping_form(request, the_import)
    if request.method == "POST" and form.is_valid():
        try:
            _map(request, the_import, form)
        except BadMapping as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("transfer:options", pk)
    names = [column.name for column in form.mapping.columns]
    context = context_of(
        request, the_import, step=2, form=form, saved=saved_for(the_import.record_type, names)
    )
    return render(request, "transfer/map.html", context, status=422 if form.errors else 200)


def _mapping_form(request: Request, the_import: Import) -> MappingForm:
    importer = plan_of(the_import).importer
    with files.opened(the_import.pk) as file:
        table = look_at(file, Layout.from_json(the_import.layout))
    past = past_fields(the_import.record_type, request.actor)
    mapping = _with_confidence(Mapping.from_json(the_import.mapping), importer, table, past)
    data = request.POST if request.method == "POST" else None
    return MappingForm(data, table=table, mapping=mapping, importer=importer)


def _with_confidence(
    mapping: Mapping, importer: ImportInto, table: Table, past: dict[str, str]
) -> Mapping:
    """Say of each column whether its field is what the file suggests, and why."""
    guessed = guess(table.columns, importer, samples=table.texts, past=past).columns
    pairs = zip(mapping.columns, guessed, strict=True)
    return Mapping(
        tuple(like if (own.field, own.multiply) == (like.field, 1) else own for own, like in pairs)
    )


def _map(request: Request, the_import: Import, form: MappingForm) -> None:
    the_import = map_columns(the_import, mapping=form.chosen, actor=request.actor)
    if name := form.cleaned_data.get("save_as", "").strip():
        save_mapping(the_import, name=name, actor=request.actor)


@require_http_methods(["GET", "POST"])
def import_options(request: Request, pk: UUID) -> HttpResponse:
    """Ask what else counts; then check the file."""
    the_import = visible(request, pk)
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
        check(request, the_import)
        return redirect("transfer:check", pk)
    context = context_of(request, the_import, step=3, form=form)
    return render(request, "transfer/options.html", context, status=422 if form.errors else 200)


def check(request: Request, the_import: Import) -> None:
    """Check a small file now, a large one behind the page."""
    begin_check(the_import, actor=request.actor)
    if the_import.size <= CHECKED_AT_ONCE:
        carry_on(the_import.pk, clock=now)
    else:
        continue_import.enqueue(import_id=the_import.pk)
