"""Files to start an import from: the columns of a record type, and nothing below them."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from core.http import Request
from core.records.narrowing import seen_type_named
from crm.transfer.export.columns import columns_of
from crm.transfer.export.writers import FORMATS
from crm.transfer.permissions import authorize_import


@require_GET
def template(request: Request) -> HttpResponse:
    """Answer an empty table with every column an import of this type knows, in the reader's language."""
    authorize_import(request.actor)
    record_type = seen_type_named(request.GET.get("type", ""), request.actor)
    chosen = FORMATS.get(request.GET.get("as", "csv"))
    if record_type is None or chosen is None or chosen.needs:
        raise Http404
    content = b"".join(chosen.write(columns_of(record_type, "everything"), ()))
    response = HttpResponse(content, content_type=chosen.content_type)
    name = f"{record_type.menu.slug}-template.{chosen.suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
