"""For every record type the page that says who sees a record."""

from django.urls import URLPattern, path

from core.records.registry import RecordType, record_types
from crm.sharing import views


def pages_of(record_type: RecordType) -> list[URLPattern]:
    """Return the addresses of one record type."""
    slug, name = record_type.menu.slug, record_type.url_name
    kept = {"record_type": record_type}
    return [
        path(f"{slug}/<uuid:pk>/access/", views.record_access, kept, name=name("access")),
        path(
            f"{slug}/<uuid:pk>/access/<uuid:share>/end/",
            views.share_end,
            kept,
            name=name("access-end"),
        ),
    ]


urlpatterns = [page for record_type in record_types() for page in pages_of(record_type)]
