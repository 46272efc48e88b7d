"""Version 1 of the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from api.v1.api_keys import ApiKeyViewSet
from api.v1.companies import CompanyViewSet
from api.v1.connections import ConnectionViewSet
from api.v1.contacts import ContactViewSet
from api.v1.domains import DomainViewSet
from api.v1.files import FileViewSet
from api.v1.history import HistoryViewSet
from api.v1.import_mappings import SavedMappingViewSet
from api.v1.imports import ImportViewSet
from api.v1.labels import LifecycleStageViewSet, TagViewSet
from api.v1.me import MeViewSet
from api.v1.member_sessions import MemberSessionViewSet
from api.v1.members import InvitationViewSet, MemberViewSet
from api.v1.notes import NoteViewSet
from api.v1.notifications import NotificationViewSet, OwnRecordsViewSet
from api.v1.own_logins import OwnFactorViewSet, OwnSessionViewSet
from api.v1.provisioning import ProvisioningViewSet, TeamRoleViewSet
from api.v1.roles import RoleViewSet, TeamViewSet
from api.v1.search import SearchView
from api.v1.security import SecurityPolicyViewSet
from api.v1.service_accounts import ServiceAccountViewSet
from api.v1.sign_on import GroupRuleViewSet, SignOnViewSet
from api.v1.views import SavedViewViewSet

router = SimpleRouter(use_regex_path=False)
router.register("companies", CompanyViewSet, basename="api-company")
router.register("contacts", ContactViewSet, basename="api-contact")
router.register("lifecycle-stages", LifecycleStageViewSet, basename="api-lifecycle-stage")
router.register("tags", TagViewSet, basename="api-tag")
router.register("members", MemberViewSet, basename="api-member")
router.register("invitations", InvitationViewSet, basename="api-invitation")
router.register("roles", RoleViewSet, basename="api-role")
router.register("teams", TeamViewSet, basename="api-team")
router.register("mail-domains", DomainViewSet, basename="api-mail-domain")
router.register("notes", NoteViewSet, basename="api-note")
router.register("files", FileViewSet, basename="api-file")
router.register("notifications", NotificationViewSet, basename="api-notification")
router.register("my-records", OwnRecordsViewSet, basename="api-my-records")
router.register("history", HistoryViewSet, basename="api-history")
router.register("imports", ImportViewSet, basename="api-import")
router.register("import-mappings", SavedMappingViewSet, basename="api-import-mapping")
router.register("views", SavedViewViewSet, basename="api-view")
router.register("api-keys", ApiKeyViewSet, basename="api-key")
router.register("service-accounts", ServiceAccountViewSet, basename="api-service-account")
router.register("sign-on/connections", ConnectionViewSet, basename="api-connection")
router.register("sign-on/group-rules", GroupRuleViewSet, basename="api-group-rule")
ME = MeViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
PHOTO = MeViewSet.as_view({"put": "set_photo", "delete": "remove_photo"})
SESSIONS = OwnSessionViewSet.as_view({"get": "list"})
SESSION = OwnSessionViewSet.as_view({"delete": "destroy"})
OTHER_SESSIONS = OwnSessionViewSet.as_view({"post": "end_others"})
OF_MEMBER = MemberSessionViewSet.as_view({"get": "list"})
ONE_OF_MEMBER = MemberSessionViewSet.as_view({"delete": "destroy"})
ALL_OF_MEMBER = MemberSessionViewSet.as_view({"post": "end_all"})
SECURITY = SecurityPolicyViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
SIGN_ON = SignOnViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
PROVISIONING = ProvisioningViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
TOKENS = ProvisioningViewSet.as_view({"post": "make_token", "delete": "revoke_tokens"})
TEAM_ROLES = TeamRoleViewSet.as_view({"get": "list", "put": "give"})
urlpatterns = [
    *router.urls,
    path("members/<uuid:pk>/sessions/", OF_MEMBER, name="api-member-sessions"),
    path("members/<uuid:pk>/sessions/end/", ALL_OF_MEMBER, name="api-member-sessions-end"),
    path("members/<uuid:pk>/sessions/<uuid:session>/", ONE_OF_MEMBER, name="api-member-session"),
    path("me/", ME, name="api-me"),
    path("me/photo/", PHOTO, name="api-me-photo"),
    path("me/leave/", MeViewSet.as_view({"post": "leave"}), name="api-me-leave"),
    path("me/sessions/", SESSIONS, name="api-me-sessions"),
    path("me/sessions/end-others/", OTHER_SESSIONS, name="api-me-sessions-end-others"),
    path("me/sessions/<uuid:pk>/", SESSION, name="api-me-session"),
    path("me/factors/", OwnFactorViewSet.as_view({"get": "list"}), name="api-me-factors"),
    path("security-policy/", SECURITY, name="api-security-policy"),
    path("sign-on/", SIGN_ON, name="api-sign-on"),
    path("provisioning/", PROVISIONING, name="api-provisioning"),
    path("provisioning/tokens/", TOKENS, name="api-provisioning-tokens"),
    path("provisioning/team-roles/", TEAM_ROLES, name="api-provisioning-team-roles"),
    path("search/", SearchView.as_view(), name="api-search"),
]
