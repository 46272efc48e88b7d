"""The caller’s own profile, photo and place in the workspace."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.settings import refuse_stale_session
from api.strict import StrictSerializer
from api.v1.members import MemberField
from crm.photos.operations import remove_photo, set_photo
from tenants.members.models import User
from tenants.members.operations.leaving import leave_workspace
from tenants.members.operations.own import update_profile
from tenants.time_zones import time_zones


class ProfileSerializer(StrictSerializer):
    """One’s own name and preferences. The address is changed on the page, where its code is entered."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    email = serializers.EmailField(read_only=True)
    role = serializers.UUIDField(source="role_id", read_only=True)
    photo = serializers.CharField(source="photo_url", read_only=True)
    given_name = serializers.CharField(max_length=80, allow_blank=True, required=False)
    family_name = serializers.CharField(max_length=80, allow_blank=True, required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    time_zone = serializers.ChoiceField(choices=[], required=False)
    theme = serializers.ChoiceField(choices=User.Theme.choices, required=False)
    has_shortcuts = serializers.BooleanField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        fields["time_zone"].choices = [name for name, _label in time_zones()]
        return fields


class PhotoSerializer(StrictSerializer):
    photo = serializers.FileField()


class LeaveSerializer(StrictSerializer):
    successor = MemberField(
        required=False, allow_null=True, help_text="Chosen only by those who manage members."
    )


class MeViewSet(viewsets.GenericViewSet):
    """The caller."""

    key_group = "own"
    queryset = User.objects.none()
    serializer_class = ProfileSerializer
    parser_classes = (JSONParser, MultiPartParser)
    filter_backends = ()

    def retrieve(self, request: Request) -> Response:
        return Response(self.get_serializer(self._own()).data)

    def partial_update(self, request: Request) -> Response:
        changes = self._asked(ProfileSerializer, partial=True)
        update_profile(self._own(), changes=changes, actor=request._request.actor)
        return self.retrieve(request)

    @extend_schema(request=PhotoSerializer, responses=ProfileSerializer)
    def set_photo(self, request: Request) -> Response:
        """Set the caller’s photo: a JPEG, PNG, WebP or GIF file of up to 10 MB."""
        source = self._asked(PhotoSerializer)["photo"]
        set_photo(self._own(), source=source, actor=request._request.actor)
        return self.retrieve(request)

    @extend_schema(responses={204: None})
    def remove_photo(self, request: Request) -> Response:
        """Show the caller’s initials again."""
        remove_photo(self._own(), actor=request._request.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=LeaveSerializer, responses={204: None})
    def leave(self, request: Request) -> Response:
        """Leave the workspace; a person does so in their own session, a key cannot."""
        refuse_stale_session(request)
        successor = self._asked(LeaveSerializer).get("successor")
        leave_workspace(successor=successor, actor=request._request.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _own(self) -> User:
        own: User = User.objects.get(pk=self.request._request.actor.user_id)
        return own

    def _asked(self, kind: type[StrictSerializer], *, partial: bool = False) -> dict[str, Any]:
        asked = kind(data=self.request.data, partial=partial)
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)
