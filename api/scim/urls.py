"""Where a provider provisions members, and where admins let it in."""

from django.urls import path, re_path

from api.scim.views import describing, provider, settings

urlpatterns = [
    path("settings/scim/", settings.scim_settings, name="scim-settings"),
    path("settings/scim/token/", settings.token_make, name="scim-token"),
    path("settings/scim/revoke/", settings.tokens_revoke, name="scim-revoke"),
    path("settings/scim/teams/", settings.team_role, name="scim-team-role"),
    path("scim/v2/ServiceProviderConfig", describing.Config.as_view()),
    path("scim/v2/ResourceTypes", describing.Types.as_view()),
    path("scim/v2/ResourceTypes/<str:name>", describing.Types.as_view()),
    path("scim/v2/Schemas", describing.Schemas.as_view()),
    path("scim/v2/Schemas/<str:uri>", describing.Schemas.as_view()),
    path("scim/v2/Users", provider.Users.as_view()),
    path("scim/v2/Users/.search", provider.SearchedUsers.as_view()),
    path("scim/v2/Users/<pk>", provider.User.as_view()),
    path("scim/v2/Groups", provider.Groups.as_view()),
    path("scim/v2/Groups/.search", provider.SearchedGroups.as_view()),
    path("scim/v2/Groups/<pk>", provider.Group.as_view()),
    path("scim/v2/Me", provider.Unsupported.as_view()),
    path("scim/v2/Bulk", provider.Unsupported.as_view()),
    re_path(r"^scim/v2/.*", provider.Missing.as_view()),
]
