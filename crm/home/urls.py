"""Where members arrive, and the sample data."""

from django.urls import path

from crm.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("samples/add/", views.samples_add, name="samples-add"),
    path("samples/remove/", views.samples_remove, name="samples-remove"),
]
