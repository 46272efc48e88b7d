"""The address of the component page."""

from django.urls import path

from core.design import views

app_name = "design"

urlpatterns = [
    path("", views.component_page, name="components"),
    path("frames/<slug:name>/", views.frame, name="frame"),
    path("search/", views.search_results, name="search"),
    path("check/", views.address_check, name="check"),
    path("progress/", views.progress, name="progress"),
    path("errors/<slug:name>/", views.error_page, name="error"),
]
