"""Where files come in."""

from django.urls import path

from crm.transfer.views import bringing, deciding, mappings, running, templates

app_name = "transfer"
urlpatterns = [
    path("", bringing.start, name="start"),
    path("history/", bringing.imports, name="imports"),
    path("template/", templates.template, name="template"),
    path("mappings/", mappings.mappings, name="mappings"),
    path("mappings/<uuid:pk>/", mappings.mapping_rename, name="mapping-rename"),
    path("mappings/<uuid:pk>/delete/", mappings.mapping_delete, name="mapping-delete"),
    path("<uuid:pk>/", bringing.import_page, name="import"),
    path("<uuid:pk>/file/", bringing.import_file, name="file"),
    path("<uuid:pk>/map/", deciding.import_map, name="map"),
    path("<uuid:pk>/options/", deciding.import_options, name="options"),
    path("<uuid:pk>/check/", running.import_check, name="check"),
    path("<uuid:pk>/rows/<int:number>/", running.import_row, name="row"),
    path("<uuid:pk>/rows/<int:number>/skip/", running.import_skip, name="skip"),
    path("<uuid:pk>/rows/<int:number>/reopen/", running.import_reopen, name="reopen"),
    path("<uuid:pk>/rows/<int:number>/values/", running.import_values, name="values"),
    path("<uuid:pk>/run/", running.import_run, name="run"),
    path("<uuid:pk>/status/", running.import_status, name="status"),
    path("<uuid:pk>/refused/", running.import_refused, name="refused"),
    path("<uuid:pk>/wake/", running.import_wake, name="wake"),
    path("<uuid:pk>/discard/", running.import_discard, name="discard"),
]
