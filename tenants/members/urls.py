"""Addresses of the pages about members."""

from django.urls import path

from tenants.members.views import (
    colleagues,
    domains,
    entrance,
    inviting,
    member,
    own,
    roles,
    security,
    teams,
    two_step,
)

app_name = "members"
urlpatterns = [
    path("enter/", entrance.enter, name="enter"),
    path("join/", entrance.ask, name="ask"),
    path("join/<str:secret>/", entrance.join, name="join"),
    path("settings/", own.settings_home, name="settings"),
    path("settings/profile/", own.profile, name="profile"),
    path("settings/preferences/", own.preferences, name="preferences"),
    path("settings/sessions/", own.sessions, name="sessions"),
    path("settings/sessions/<uuid:pk>/end/", own.end_one_session, name="end-session"),
    path("settings/sessions/end/", own.end_other_sessions, name="end-other-sessions"),
    path("settings/two-step/", two_step.overview, name="two-step"),
    path("settings/two-step/app/", two_step.app, name="two-step-app"),
    path("settings/two-step/passkeys/", two_step.passkey, name="two-step-passkey"),
    path("settings/two-step/codes/", two_step.codes, name="two-step-codes"),
    path("settings/two-step/<int:pk>/rename/", two_step.rename, name="two-step-rename"),
    path("settings/two-step/<int:pk>/remove/", two_step.remove, name="two-step-remove"),
    path("settings/security/", security.security, name="security"),
    path("settings/members/", colleagues.members, name="members"),
    path("settings/members/invite/", inviting.invite, name="invite"),
    path("settings/members/invitations/", colleagues.invitations, name="invitations"),
    path(
        "settings/members/invitations/<uuid:pk>/resend/",
        inviting.resend,
        name="resend-invitation",
    ),
    path(
        "settings/members/invitations/<uuid:pk>/revoke/",
        inviting.revoke,
        name="revoke-invitation",
    ),
    path("settings/members/<uuid:pk>/", member.member, name="member"),
    path(
        "settings/members/<uuid:pk>/deactivate/",
        member.member_deactivate,
        name="member-deactivate",
    ),
    path(
        "settings/members/<uuid:pk>/reactivate/",
        member.member_reactivate,
        name="member-reactivate",
    ),
    path("settings/members/<uuid:pk>/own/", member.member_own, name="member-own"),
    path("settings/domains/", domains.domains, name="domains"),
    path("settings/domains/new/", domains.domain_new, name="domain-new"),
    path("settings/domains/<uuid:pk>/", domains.domain, name="domain"),
    path("settings/domains/<uuid:pk>/check/", domains.domain_check, name="domain-check"),
    path("settings/domains/<uuid:pk>/remove/", domains.domain_remove, name="domain-remove"),
    path("settings/teams/", teams.teams, name="teams"),
    path("settings/teams/new/", teams.team_new, name="team-new"),
    path("settings/teams/<uuid:pk>/", teams.team_edit, name="team"),
    path("settings/teams/<uuid:pk>/delete/", teams.team_delete, name="team-delete"),
    path("settings/roles/", roles.roles, name="roles"),
    path("settings/roles/new/", roles.role_new, name="role-new"),
    path("settings/roles/<uuid:pk>/", roles.role_edit, name="role"),
    path("settings/roles/<uuid:pk>/delete/", roles.role_delete, name="role-delete"),
]
