"""Addresses of the pages about members."""

from django.urls import path

from tenants.members.views import colleagues, entrance, own, roles

app_name = "members"
urlpatterns = [
    path("enter/", entrance.enter, name="enter"),
    path("join/<str:secret>/", entrance.join, name="join"),
    path("settings/", own.settings_home, name="settings"),
    path("settings/profile/", own.profile, name="profile"),
    path("settings/preferences/", own.preferences, name="preferences"),
    path("settings/sessions/", own.sessions, name="sessions"),
    path("settings/sessions/end/", own.end_other_sessions, name="end-other-sessions"),
    path("settings/members/", colleagues.members, name="members"),
    path("settings/roles/", roles.roles, name="roles"),
    path("settings/roles/new/", roles.role_new, name="role-new"),
    path("settings/roles/<uuid:pk>/", roles.role_edit, name="role"),
    path("settings/roles/<uuid:pk>/delete/", roles.role_delete, name="role-delete"),
    path("settings/invitations/<uuid:pk>/revoke/", colleagues.revoke, name="revoke-invitation"),
]
