"""The pages of every registered record type; a new type adds its own by being registered."""

from django.urls import URLPattern, path

from core.records.registry import RecordType, record_types
from crm.records.views import cells, files, likely, lists, marks, notes, records, suggesting


def pages_of(record_type: RecordType) -> list[URLPattern]:
    """Return the addresses of one record type: its list, and everything about one record."""
    return [*_of_the_list(record_type), *_of_one_record(record_type), *_beside_it(record_type)]


def _of_the_list(record_type: RecordType) -> list[URLPattern]:
    slug, name = record_type.menu.slug, record_type.url_name
    kept = {"record_type": record_type}
    return [
        path(f"{slug}/", lists.record_list, kept, name=name("list")),
        path(f"{slug}/new/", records.record_new, kept, name=name("new")),
        path(f"{slug}/likely/", likely.record_likely, kept, name=name("likely")),
        path(f"{slug}/options/", suggesting.record_options, kept, name=name("options")),
        path(f"{slug}/filter/", lists.record_filter, kept, name=name("filter")),
        path(f"{slug}/sort/", lists.record_panel, {**kept, "panel": "sort"}, name=name("sort")),
        path(f"{slug}/quick/<str:quick>/", lists.record_quick, kept, name=name("quick")),
        path(
            f"{slug}/columns/",
            lists.record_panel,
            {**kept, "panel": "columns"},
            name=name("columns"),
        ),
    ]


def _of_one_record(record_type: RecordType) -> list[URLPattern]:
    slug, name = record_type.menu.slug, record_type.url_name
    kept = {"record_type": record_type}
    return [
        path(f"{slug}/<uuid:pk>/", records.record_detail, kept, name=name()),
        path(f"{slug}/<uuid:pk>/preview/", cells.record_preview, kept, name=name("preview")),
        path(f"{slug}/<uuid:pk>/field/<str:name>/", cells.record_field, kept, name=name("field")),
        path(f"{slug}/<uuid:pk>/edit/", records.record_edit, kept, name=name("edit")),
        path(f"{slug}/<uuid:pk>/delete/", records.record_delete, kept, name=name("delete")),
    ]


def _beside_it(record_type: RecordType) -> list[URLPattern]:
    slug, name = record_type.menu.slug, record_type.url_name
    kept = {"record_type": record_type}
    return [
        path(
            f"{slug}/<uuid:pk>/neighbours/",
            records.record_neighbours,
            kept,
            name=name("neighbours"),
        ),
        path(f"{slug}/<uuid:pk>/notes/", notes.note_add, kept, name=name("notes")),
        path(f"{slug}/<uuid:pk>/files/", files.file_add, kept, name=name("files")),
        path(
            f"{slug}/<uuid:pk>/star/",
            marks.record_mark,
            {**kept, "kind": "star"},
            name=name("star"),
        ),
        path(
            f"{slug}/<uuid:pk>/follow/",
            marks.record_mark,
            {**kept, "kind": "follow"},
            name=name("follow"),
        ),
    ]


urlpatterns = [
    *(page for record_type in record_types() for page in pages_of(record_type)),
    path("favourites/order/", marks.favourites_order, name="favourites-order"),
    path("notes/mentionable/", notes.mentionable, name="mentionable"),
    path("notes/<uuid:pk>/", notes.note_edit, name="note-edit"),
    path("notes/<uuid:pk>/pin/", notes.note_pin, name="note-pin"),
    path("notes/<uuid:pk>/delete/", notes.note_delete, name="note-delete"),
    path("notes/<uuid:pk>/restore/", notes.note_restore, name="note-restore"),
    path("files/<uuid:pk>/", files.file_download, name="file"),
    path("files/<uuid:pk>/<int:number>/", files.file_download, name="file-version"),
    path("files/<uuid:pk>/preview/", files.file_preview, name="file-preview"),
    path("files/<uuid:pk>/versions/", files.file_version, name="file-versions"),
    path("files/<uuid:pk>/rename/", files.file_rename, name="file-rename"),
    path("files/<uuid:pk>/delete/", files.file_delete, name="file-delete"),
    path("files/<uuid:pk>/restore/", files.file_restore, name="file-restore"),
]
