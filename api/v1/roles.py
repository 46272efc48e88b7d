"""Roles and teams in the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.pagination import COUNT_HELP
from api.settings import SettingsViewSet
from api.strict import StrictSerializer
from api.v1.members import MemberField, TeamField, rights_said
from core.access import authorize
from core.actors import Scope
from core.field_rights import FieldRight, FieldRights
from core.records.registry import record_types
from tenants.members.comparing import changed_rights, effect_of
from tenants.members.models import Role, Team, User
from tenants.members.operations.roles import create_role, delete_role, update_role
from tenants.members.operations.teams import create_team, delete_team, update_team
from tenants.members.permissions import MANAGE_MEMBERS, MANAGE_ROLES

FIELDS_HELP = (
    "Fields that are narrowed, such as contact.phones, and what may be done with each: hidden, "
    "masked, read or write."
)
RIGHTS_HELP = "Each right by its name, and over whose records it is: own, team, below or all."


class RoleSerializer(StrictSerializer):
    """What members of a role may do. Ready-made roles have a key; owners and admins cannot be changed."""

    id = serializers.UUIDField(read_only=True)
    key = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=80)
    description = serializers.CharField(max_length=300, required=False, allow_blank=True)
    rights = serializers.DictField(
        child=serializers.ChoiceField(choices=[each.value for each in Scope]),
        required=False,
        help_text=RIGHTS_HELP,
    )

    field_rights = serializers.DictField(
        child=serializers.ChoiceField(choices=[each.value for each in FieldRight]),
        required=False,
        help_text=FIELDS_HELP,
    )

    def validate_field_rights(self, value: dict[str, str]) -> dict[str, str]:
        known = {f"{kind.name}.{name}" for kind in record_types() for name in kind.governed}
        if unknown := value.keys() - known:
            message = _("There is no such field, or it cannot be narrowed.")
            raise serializers.ValidationError({name: [message] for name in sorted(unknown)})
        return value

    def to_representation(self, instance: Role) -> dict[str, Any]:
        return {
            "id": instance.pk,
            "key": instance.key,
            "name": str(instance),
            "description": instance.description,
            **rights_said(instance.rights()),
        }


class DifferenceSerializer(serializers.Serializer):
    """A right that would change, in words."""

    area = serializers.CharField()
    label = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class SightSerializer(serializers.Serializer):
    """How many records of a type a member sees, and would see."""

    member = serializers.UUIDField(source="member.pk")
    records = serializers.CharField(source="things")
    before = serializers.IntegerField(source="before.number", help_text=COUNT_HELP)
    after = serializers.IntegerField(source="after.number", help_text=COUNT_HELP)


class EffectSerializer(serializers.Serializer):
    """What a change of a role would do to how many members, and to what some of them see."""

    differences = DifferenceSerializer(many=True)
    members = serializers.IntegerField()
    sights = SightSerializer(many=True)


class RoleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingsViewSet):
    """Roles: read by those who manage members or roles, changed by the latter."""

    key_group = "members"
    queryset = Role.objects.none()
    serializer_class = RoleSerializer
    read_by = (MANAGE_ROLES, MANAGE_MEMBERS)
    dangerous = ("create", "partial_update", "destroy")

    def rows(self) -> QuerySet[Any]:
        return Role.objects.in_order()

    def create(self, request: Request) -> Response:
        said = _as_operations_take_it({"rights": {}, **self.asked()})
        role = create_role(actor=self.actor, **said)
        return self.said(role, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: Any) -> Response:
        """Change a role; `rights` and `field_rights` take the place of all it had."""
        changes = _as_operations_take_it(self.asked(partial=True))
        return self.said(update_role(self.get_object(), changes=changes, actor=self.actor))

    @extend_schema(request=RoleSerializer, responses=EffectSerializer)
    @action(detail=True, methods=["post"], pagination_class=None)
    def preview(self, request: Request, pk: Any) -> Response:
        """Say what a change of the role would do; nothing is changed."""
        authorize(self.actor, MANAGE_ROLES)
        role, said = self.get_object(), _as_operations_take_it(self.asked(partial=True))
        effect = effect_of(role, changed_rights(role, said))
        return Response(EffectSerializer(effect).data)

    def destroy(self, request: Request, pk: Any) -> Response:
        delete_role(self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TeamMemberField(MemberField):
    """An active member or service account of this workspace by their id."""

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.filter(is_active=True)


class TeamSerializer(StrictSerializer):
    """People who work together."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=80)
    parent = TeamField(required=False, allow_null=True)
    manager = MemberField(required=False, allow_null=True)
    members = TeamMemberField(many=True, required=False)


class TeamViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingsViewSet):
    """Teams: everybody reads them, and those who may change them do."""

    key_group = "members"
    queryset = Team.objects.none()
    serializer_class = TeamSerializer
    dangerous = ("create", "partial_update", "destroy")

    def rows(self) -> QuerySet[Any]:
        return Team.objects.prefetch_related("members").order_by("name", "pk")

    @extend_schema(responses={201: TeamSerializer})
    def create(self, request: Request) -> Response:
        said = _with_ids(self.asked())
        return self.said(create_team(actor=self.actor, **said), status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: Any) -> Response:
        """Change a team; `members` takes the place of all it had."""
        changes = _with_ids(self.asked(partial=True))
        return self.said(update_team(self.get_object(), changes=changes, actor=self.actor))

    def destroy(self, request: Request, pk: Any) -> Response:
        delete_team(self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _with_ids(said: dict[str, Any]) -> dict[str, Any]:
    members = {"members": [each.pk for each in said["members"]]} if "members" in said else {}
    return {**said, **members}


def _as_operations_take_it(said: dict[str, Any]) -> dict[str, Any]:
    taken = dict(said)
    if "rights" in taken:
        taken["scopes"] = {name: Scope(scope) for name, scope in taken.pop("rights").items()}
    if "field_rights" in taken:
        rights = taken.pop("field_rights").items()
        taken["fields"] = FieldRights.read(f"{name}:{right}" for name, right in rights)
    return taken
