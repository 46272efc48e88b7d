"""Where the API keys of a workspace are managed."""

from django.urls import path

from api.keys import views

urlpatterns = [
    path("settings/api-keys/", views.key_list, name="api-keys"),
    path("settings/api-keys/<uuid:pk>/revoke/", views.key_revoke, name="api-key-revoke"),
]
