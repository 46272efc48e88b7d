"""Where records go out."""

from django.urls import path

from crm.transfer.views import exporting

app_name = "transfer-export"
urlpatterns = [
    path("<slug:type>/", exporting.export_records, name="records"),
    path("file/<uuid:pk>/", exporting.export_page, name="export"),
    path("file/<uuid:pk>/fetch/", exporting.export_fetch, name="fetch"),
]
