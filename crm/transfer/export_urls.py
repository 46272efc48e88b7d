"""Where records go out: from every record type's list, and the files that wait to be fetched."""

from django.urls import path

from core.records.registry import record_types
from crm.transfer.views import exporting

urlpatterns = [
    *(
        path(
            f"{each.menu.slug}/export/",
            exporting.export_records,
            {"record_type": each},
            name=each.url_name("export"),
        )
        for each in record_types()
    ),
    path("exports/<uuid:pk>/", exporting.export_page, name="export"),
    path("exports/<uuid:pk>/fetch/", exporting.export_fetch, name="export-fetch"),
]
