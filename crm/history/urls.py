"""The history, the trash, duplicates, and for every record type bulk actions and merging."""

from django.urls import URLPattern, path

from core.records.registry import RecordType, record_types
from crm.history.views import bulk, change_sets, duplicates, merging, trash


def pages_of(record_type: RecordType) -> list[URLPattern]:
    """Return the addresses of one record type."""
    slug, name = record_type.menu.slug, record_type.url_name
    kept = {"record_type": record_type}
    return [
        path(f"{slug}/bulk/", bulk.record_bulk, kept, name=name("bulk")),
        path(f"{slug}/merge/", merging.record_merge, kept, name=name("merge")),
    ]


urlpatterns = [
    path("history/", change_sets.history, name="history"),
    path("history/<uuid:pk>/", change_sets.change_set, name="change-set"),
    path("history/<uuid:pk>/toast/", change_sets.change_set_toast, name="change-set-toast"),
    path("history/<uuid:pk>/undo/", change_sets.change_set_undo, name="change-set-undo"),
    path("history/<uuid:pk>/wake/", change_sets.change_set_wake, name="change-set-wake"),
    path("trash/", trash.trash_start, name="trash-start"),
    path("trash/<slug:slug>/", trash.trash_page, name="trash"),
    path("trash/<slug:slug>/restore/", trash.trash_restore, name="trash-restore"),
    path("trash/<slug:slug>/destroy/", trash.trash_destroy, name="trash-destroy"),
    path("duplicates/", duplicates.duplicates_start, name="duplicates-start"),
    path("duplicates/<slug:slug>/", duplicates.duplicates_page, name="duplicates"),
    path("duplicates/<slug:slug>/search/", duplicates.duplicates_search, name="duplicates-search"),
    path(
        "duplicates/<slug:slug>/<uuid:pk>/dismiss/",
        duplicates.duplicate_dismiss,
        name="duplicate-dismiss",
    ),
    *(page for record_type in record_types() for page in pages_of(record_type)),
]
