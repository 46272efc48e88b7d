"""The addresses of the design pages, and the one every layout links to."""

from django.urls import include, path

from core.design.views import component_page

urlpatterns = [
    path("_design/", include("core.design.urls")),
    path("language/", component_page, name="language"),
]
