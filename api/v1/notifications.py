"""A member's notifications and favourites in the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.strict import StrictSerializer
from api.viewsets import OrderSerializer
from core.records.attached import Seen
from crm.bookmarks.reading import favourites, recents
from crm.notifications.kinds import Mail
from crm.notifications.models import Notification
from crm.notifications.operations import mark_read, set_preferences
from crm.notifications.preferences import Wish, wishes_of
from crm.views.operations import arrange_all


class NotificationSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    actor = serializers.CharField(source="actor_label")
    record_type = serializers.CharField()
    record_id = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class ReadSerializer(StrictSerializer):
    """Which notifications have been read; without ids, all of them."""

    ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=200)


class ReadCountSerializer(serializers.Serializer):
    read = serializers.IntegerField()


class OwnRecordSerializer(serializers.Serializer):
    record_type = serializers.CharField()
    record_id = serializers.UUIDField()
    name = serializers.CharField()


class WishSerializer(StrictSerializer):
    """How one kind is told: among the notifications, and by mail at once, daily or not at all."""

    kind = serializers.CharField(max_length=20)
    shown = serializers.BooleanField(source="is_shown")
    mail = serializers.ChoiceField(choices=Mail.choices, allow_blank=True)


class NotificationViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The caller’s own notifications, newest first."""

    key_group = "own"
    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Any]:
        mine = Notification.objects.shown().filter(member_id=self.request._request.actor.user_id)
        return mine.order_by("-created_at", "-pk")

    @extend_schema(request=ReadSerializer, responses=ReadCountSerializer)
    @action(detail=False, methods=["post"])
    def read(self, request: Request) -> Response:
        """Say which of them have been read."""
        asked = ReadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        actor = request._request.actor
        count = mark_read(asked.validated_data.get("ids"), actor=actor, at=now())
        return Response({"read": count})

    @extend_schema(responses=WishSerializer(many=True))
    @action(detail=False, pagination_class=None)
    def preferences(self, request: Request) -> Response:
        """How the caller is told of each kind."""
        return Response(_wishes(request))

    @extend_schema(request=WishSerializer(many=True), responses=WishSerializer(many=True))
    @preferences.mapping.patch
    def change_preferences(self, request: Request) -> Response:
        """Change how some kinds are told; the others stay."""
        asked: Any = serializers.ListSerializer(
            child=WishSerializer(), data=request.data, max_length=100
        )
        asked.is_valid(raise_exception=True)
        wishes = {
            said["kind"]: Wish(said["is_shown"], said["mail"]) for said in asked.validated_data
        }
        set_preferences(wishes, actor=request._request.actor)
        return Response(_wishes(request))


class OwnRecordsViewSet(viewsets.ViewSet):
    """Records the caller starred, or opened last."""

    key_group = "own"

    @extend_schema(responses=OwnRecordSerializer(many=True))
    @action(detail=False)
    def favourites(self, request: Request) -> Response:
        """The records the caller starred, in their own order."""
        return Response([_said(seen) for seen in favourites(request._request.actor)])

    @extend_schema(request=OrderSerializer, responses=OwnRecordSerializer(many=True))
    @action(detail=False, methods=["post"])
    def order(self, request: Request) -> Response:
        """Put the starred records into this order; pinned views may stand among them, and what is not named comes last."""
        asked = OrderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        arrange_all(asked.validated_data["ids"], actor=request._request.actor)
        return Response([_said(seen) for seen in favourites(request._request.actor)])

    @extend_schema(responses=OwnRecordSerializer(many=True))
    @action(detail=False)
    def recents(self, request: Request) -> Response:
        """The records the caller opened last, the last one first."""
        return Response([_said(seen) for seen in recents(request._request.actor)])


def _said(seen: Seen) -> dict[str, Any]:
    return {
        "record_type": seen.record_type.name,
        "record_id": seen.record.pk,
        "name": str(seen.record),
    }


def _wishes(request: Request) -> Any:
    wishes = wishes_of(request._request.actor).items()
    rows = [{"kind": kind.name, **wish._asdict()} for kind, wish in wishes]
    return WishSerializer(rows, many=True).data
