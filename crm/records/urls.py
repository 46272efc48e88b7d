"""The pages of every registered record type; a new type adds its own by being registered."""

from django.urls import URLPattern, path

from core.records.registry import RecordType, record_types
from crm.records.views import lists, records, suggesting


def pages_of(record_type: RecordType) -> list[URLPattern]:
    """Return the addresses of one record type: list, new, record, edit, delete."""
    slug, name = record_type.menu.slug, record_type.url_name
    kept = {"record_type": record_type}
    return [
        path(f"{slug}/", lists.record_list, kept, name=name("list")),
        path(f"{slug}/new/", records.record_new, kept, name=name("new")),
        path(f"{slug}/options/", suggesting.record_options, kept, name=name("options")),
        path(f"{slug}/<uuid:pk>/", records.record_detail, kept, name=name()),
        path(f"{slug}/<uuid:pk>/edit/", records.record_edit, kept, name=name("edit")),
        path(f"{slug}/<uuid:pk>/delete/", records.record_delete, kept, name=name("delete")),
    ]


urlpatterns = [page for record_type in record_types() for page in pages_of(record_type)]
