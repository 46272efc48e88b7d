"""Members and invitations in the API."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.pagination import COUNT_HELP
from api.settings import SettingsViewSet
from api.strict import StrictSerializer
from core.access import can
from tenants.members.comparing import records_seen
from tenants.members.models import Invitation, Role, Team, User
from tenants.members.models.roles import Rights
from tenants.members.operations.factors import reset_factors
from tenants.members.operations.invitations import (
    Outcome,
    invite_members,
    resend_invitation,
    revoke_invitation,
)
from tenants.members.operations.leaving import deactivate_member, reactivate_member
from tenants.members.operations.members import change_member
from tenants.members.operations.roles import transfer_ownership
from tenants.members.pasted import Pasted, read_addresses
from tenants.members.permissions import MANAGE_MEMBERS, MANAGE_ROLES, MANAGE_TEAMS

STATES = {"active": {"is_active": True}, "deactivated": {"is_active": False}, "all": {}}


class RoleField(serializers.PrimaryKeyRelatedField):
    """A role of this workspace by its id."""

    queryset = Role.objects.none()

    def get_queryset(self) -> QuerySet[Role]:
        return Role.objects.all()


class TeamField(serializers.PrimaryKeyRelatedField):
    """A team of this workspace by its id."""

    queryset = Team.objects.none()

    def get_queryset(self) -> QuerySet[Team]:
        return Team.objects.all()


class MemberField(serializers.PrimaryKeyRelatedField):
    """An active member of this workspace by their id; no service account."""

    queryset = User.objects.none()

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.active_people()


class MemberSerializer(StrictSerializer):
    """Somebody with a log-in. Who may manage members changes their role and teams."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    email = serializers.EmailField(read_only=True)
    role = RoleField(required=False)
    teams = TeamField(many=True, required=False)
    is_active = serializers.BooleanField(read_only=True)
    joined_at = serializers.DateTimeField(read_only=True)


class RightsSerializer(serializers.Serializer):
    """What a member can do: rights with their scopes, fields that are narrowed, and records by type."""

    role = serializers.UUIDField()
    rights = serializers.DictField(child=serializers.CharField())
    field_rights = serializers.DictField(child=serializers.CharField())
    records = serializers.DictField(child=serializers.IntegerField(), help_text=COUNT_HELP)


def rights_said(rights: Rights) -> dict[str, Any]:
    """Return rights as the API says them: by name with their scopes, and the fields that are narrowed."""
    return {
        "rights": {name: rights.scope(name) for name in sorted(rights.permissions)},
        "field_rights": dict(each.split(":") for each in rights.fields.written()),
    }


class DeactivateSerializer(StrictSerializer):
    successor = MemberField(
        required=False, allow_null=True, help_text="Who gets their records; nobody without it."
    )


class MemberViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingsViewSet):
    """Members: everybody reads them, and those who may change them do."""

    key_group = "members"
    queryset = User.objects.none()
    serializer_class = MemberSerializer
    dangerous = (
        "partial_update", "deactivate", "reactivate", "reset_factors", "transfer_ownership",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        people = User.objects.filter(is_service=False)
        rows = people.select_related("role").prefetch_related("teams")
        return rows.order_by("joined_at", "pk")

    @extend_schema(parameters=[OpenApiParameter("state", str, enum=list(STATES), default="active")])
    def list(self, request: Request) -> Response:
        asked = request.query_params.get("state", "active")
        if asked not in STATES:
            raise serializers.ValidationError({"state": [f"{', '.join(STATES)}"]})
        page = self.paginate_queryset(self.get_queryset().filter(**STATES[asked]))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def partial_update(self, request: Request, pk: Any) -> Response:
        """Change a member’s role and teams."""
        return self.said(change_member(self.get_object(), actor=self.actor, **self.asked()))

    @extend_schema(responses=RightsSerializer)
    @action(detail=True, pagination_class=None)
    def rights(self, request: Request, pk: Any) -> Response:
        """What a member can do, and how many records they see."""
        if not any(can(self.actor, each) for each in (MANAGE_MEMBERS, MANAGE_ROLES, MANAGE_TEAMS)):
            raise PermissionDenied(MANAGE_MEMBERS)
        member = self.get_object()
        counts = records_seen(member.as_actor())
        said = {
            "role": member.role_id,
            **rights_said(member.role.rights()),
            "records": {name: count.number for name, count in counts.items()},
        }
        return Response(RightsSerializer(said).data)

    @extend_schema(request=DeactivateSerializer, responses=MemberSerializer)
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, pk: Any) -> Response:
        """Close a member’s log-in; sessions and keys end at once, and a successor gets their records."""
        successor = self.asked(DeactivateSerializer).get("successor")
        return self.said(
            deactivate_member(self.get_object(), successor=successor, actor=self.actor)
        )

    @extend_schema(request=None, responses=MemberSerializer)
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, pk: Any) -> Response:
        """Open a member’s log-in again."""
        return self.said(reactivate_member(self.get_object(), actor=self.actor))

    @extend_schema(request=None, responses=MemberSerializer)
    @action(detail=True, methods=["post"], url_path="reset-factors")
    def reset_factors(self, request: Request, pk: Any) -> Response:
        """Take the second factors and recovery codes of a member who lost them; their sessions end."""
        return self.said(reset_factors(self.get_object(), actor=self.actor))

    @extend_schema(request=None, responses=MemberSerializer)
    @action(detail=True, methods=["post"], url_path="transfer-ownership")
    def transfer_ownership(self, request: Request, pk: Any) -> Response:
        """Make a member the owner in one’s own place."""
        return self.said(transfer_ownership(self.get_object(), actor=self.actor))


class InvitationSerializer(serializers.Serializer):
    """An invitation nobody has used yet."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    role = serializers.UUIDField(source="role_id")
    teams = serializers.ListField(source="team_ids", child=serializers.UUIDField())
    invited_by = serializers.UUIDField(source="invited_by_id", allow_null=True)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class InviteSerializer(StrictSerializer):
    """Whom to invite. Each entry is an address, or a name with the address in angle brackets."""

    emails = serializers.ListField(
        child=serializers.CharField(max_length=600), min_length=1, max_length=200
    )
    role = RoleField()
    teams = TeamField(many=True, required=False)


class InvitedSerializer(serializers.Serializer):
    """What became of one address."""

    written = serializers.CharField(source="pasted.written")
    email = serializers.CharField(source="pasted.email")
    outcome = serializers.ChoiceField(choices=[each.value for each in Outcome])
    invitation = serializers.UUIDField(source="invitation.pk", allow_null=True, default=None)


class InvitationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingsViewSet):
    """Invitations nobody has used yet."""

    key_group = "members"
    queryset = Invitation.objects.none()
    serializer_class = InvitationSerializer
    read_by = (MANAGE_MEMBERS,)
    dangerous = ("create",)

    def rows(self) -> QuerySet[Any]:
        return Invitation.objects.waiting().order_by("-created_at", "pk")

    @extend_schema(request=InviteSerializer, responses={201: InvitedSerializer(many=True)})
    def create(self, request: Request) -> Response:
        """Invite one or many; the answer says of each address what became of it. Mails follow."""
        said = self.asked(InviteSerializer)
        pasted = [each for line in said.pop("emails") for each in _read(line)]
        results = invite_members(pasted, actor=self.actor, at=now(), **said)
        answer = InvitedSerializer(results, many=True).data
        return Response(answer, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: Any) -> Response:
        """End an invitation."""
        revoke_invitation(self.get_object(), actor=self.actor, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, pk: Any) -> Response:
        """Mail an invitation anew; the link mailed before ends."""
        return self.said(resend_invitation(self.get_object(), actor=self.actor, at=now()))


def _read(line: str) -> list[Pasted]:
    return read_addresses(line) or [Pasted(line, "")]
