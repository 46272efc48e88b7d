"""Addresses of the public host's pages."""

from django.urls import path

from tenants.signup import views

app_name = "signup"
urlpatterns = [
    path("", views.start, name="start"),
    path("signup/code/", views.code, name="code"),
    path("signup/code/again/", views.resend, name="resend"),
    path("signup/workspace/", views.workspace, name="workspace"),
    path("signup/address/", views.check_address, name="check-address"),
    path("signup/suggestion/", views.suggest_address, name="suggest-address"),
    path("signup/progress/", views.progress, name="progress"),
    path("signup/enter/", views.enter, name="enter"),
    path("find/", views.find, name="find"),
    path("terms/", views.terms, name="terms"),
    path("privacy/", views.privacy, name="privacy"),
]
