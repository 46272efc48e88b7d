"""Where saved views are made and changed."""

from django.urls import path

from crm.views import sharing, views

app_name = "views"
urlpatterns = [
    path("", views.view_new, name="new"),
    path("<uuid:pk>/", views.view_change, name="view"),
    path("<uuid:pk>/sharing/", sharing.view_sharing, name="sharing"),
    path("<uuid:pk>/sharing/<uuid:share>/end/", sharing.view_share_end, name="share-end"),
]
