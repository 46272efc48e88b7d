"""Addresses of single sign-on: those providers know, and those admins set it up at."""

from django.urls import path

from tenants.sso.views import connections, sign_in

app_name = "sso"
urlpatterns = [
    path("sso/<uuid:pk>/", sign_in.start, name="start"),
    path("sso/<uuid:pk>/again/", sign_in.again, name="again"),
    path("sso/<uuid:pk>/callback/", sign_in.callback, name="callback"),
    path("sso/<uuid:pk>/acs/", sign_in.acs, name="acs"),
    path("sso/<uuid:pk>/finish/<str:ticket>/", sign_in.finish, name="finish"),
    path("sso/<uuid:pk>/metadata/", sign_in.metadata, name="metadata"),
    path("settings/sso/", connections.connections, name="connections"),
    path("settings/sso/enforce/", connections.enforce, name="enforce"),
    path("settings/sso/new/<str:protocol>/", connections.connection_new, name="connection-new"),
    path("settings/sso/<uuid:pk>/", connections.connection, name="connection"),
    path("settings/sso/<uuid:pk>/test/", sign_in.test, name="test"),
    path("settings/sso/<uuid:pk>/switch/", connections.connection_switch, name="switch"),
    path("settings/sso/<uuid:pk>/delete/", connections.connection_delete, name="delete"),
    path("settings/sso/rules/<uuid:pk>/remove/", connections.rule_remove, name="rule-remove"),
]
