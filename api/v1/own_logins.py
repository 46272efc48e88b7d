"""Where the caller is signed in, and which second factors they have, in the API."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.settings import SettingsViewSet
from tenants.members.browsers import browser_name
from tenants.members.models import Session
from tenants.members.operations.sessions import end_session, end_sessions_elsewhere

KINDS = {"totp": "app", "webauthn": "passkey", "recovery_codes": "recovery_codes"}


class MemberSessionSerializer(serializers.Serializer):
    """Somewhere a member is signed in; never the session’s key or its place."""

    id = serializers.UUIDField()
    browser = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField(allow_null=True)

    def get_browser(self, session: Session) -> str:
        return browser_name(session.user_agent)


class SessionSerializer(MemberSessionSerializer):
    """Somewhere the caller is signed in, and whether it is here."""

    is_current = serializers.SerializerMethodField()

    def get_is_current(self, session: Session) -> bool:
        key: str | None = self.context["request"].session.session_key
        return session.session_key == key


class EndedSerializer(serializers.Serializer):
    ended = serializers.IntegerField()


class OwnSessionViewSet(SettingsViewSet):
    """The caller’s own sessions. A key lists its member’s; only a person ends any."""

    key_group = "own"
    queryset = Session.objects.none()
    serializer_class = SessionSerializer

    def rows(self) -> QuerySet[Any]:
        return Session.objects.running(self.request.user.pk, at=now())

    @extend_schema(responses=SessionSerializer(many=True))
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: Any) -> Response:
        """Sign out in one browser."""
        if not end_session(pk, actor=self.actor):
            raise NotFound(_("There is no such record."))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=EndedSerializer)
    def end_others(self, request: Request) -> Response:
        """Sign out everywhere but here."""
        keep = request._request.session.session_key or ""
        ended = end_sessions_elsewhere(keep=keep, actor=self.actor)
        return Response(EndedSerializer({"ended": ended}).data)


class FactorSerializer(serializers.Serializer):
    """A second factor, or the recovery codes that stand in for one; never its secret."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=list(KINDS.values()))
    name = serializers.CharField(help_text="What its owner called a passkey.")
    codes_left = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class OwnFactorViewSet(SettingsViewSet):
    """The caller’s own second factors. They are set up and removed on the page, where they are proven."""

    key_group = "own"
    queryset = Authenticator.objects.none()
    serializer_class = FactorSerializer

    def rows(self) -> QuerySet[Any]:
        return Authenticator.objects.filter(user_id=self.request.user.pk).order_by("pk")

    @extend_schema(responses=FactorSerializer(many=True))
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        found = [_told(each) for each in page or []]
        return self.get_paginated_response(self.get_serializer(found, many=True).data)


def _told(factor: Authenticator) -> dict[str, Any]:
    kind = KINDS[factor.type]
    codes = kind == "recovery_codes"
    return {
        "id": factor.pk,
        "kind": kind,
        "name": factor.wrap().name if kind == "passkey" else "",
        "codes_left": len(factor.wrap().get_unused_codes()) if codes else None,
        "created_at": factor.created_at,
        "last_used_at": factor.last_used_at,
    }
