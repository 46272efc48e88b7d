"""Where members arrive."""

from django.urls import path

from crm.home import views

urlpatterns = [path("", views.home, name="home")]
