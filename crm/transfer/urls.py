"""Where files come in."""

from django.urls import path

from crm.transfer import views

app_name = "transfer"
urlpatterns = [
    path("", views.start, name="start"),
    path("<uuid:pk>/", views.import_page, name="import"),
    path("<uuid:pk>/map/", views.import_map, name="map"),
    path("<uuid:pk>/check/", views.import_check, name="check"),
    path("<uuid:pk>/run/", views.import_run, name="run"),
    path("<uuid:pk>/refused/", views.import_refused, name="refused"),
    path("<uuid:pk>/wake/", views.import_wake, name="wake"),
    path("<uuid:pk>/discard/", views.import_discard, name="discard"),
]
