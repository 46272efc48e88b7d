"""Where notifications are read."""

from django.urls import path

from crm.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notification_list, name="list"),
    path("preferences/", views.preferences, name="preferences"),
    path("read/", views.notification_read_all, name="read-all"),
    path("<uuid:pk>/open/", views.notification_open, name="open"),
]
