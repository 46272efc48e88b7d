"""Where saved views are made and changed."""

from django.urls import path

from crm.views import views

app_name = "views"
urlpatterns = [
    path("", views.view_new, name="new"),
    path("<uuid:pk>/", views.view_change, name="view"),
]
