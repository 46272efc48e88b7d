"""Saved views in the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.sharing import RecipientSerializer
from api.strict import StrictSerializer
from api.viewsets import OrderSerializer
from core.access import authorize
from core.actors import Actor
from crm.views.models import LONGEST_QUERY, SavedView
from crm.views.operations import (
    arrange_all,
    create_view,
    delete_view,
    end_view_share,
    pin_view,
    set_default_view,
    share_view,
    share_view_with,
    unpin_view,
    update_view,
)
from crm.views.reading import pinned, views_of

QUERY_HELP = "The list's own parameters as its address has them: filter=…&sort=-updated."


class ViewSerializer(StrictSerializer):
    """A saved view as it is read and written."""

    id = serializers.UUIDField(read_only=True)
    record_type = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=80)
    query = serializers.CharField(
        max_length=LONGEST_QUERY, required=False, allow_blank=True, help_text=QUERY_HELP
    )
    owner = serializers.UUIDField(read_only=True)
    is_shared = serializers.BooleanField(required=False)
    is_default = serializers.BooleanField(required=False)
    is_pinned = serializers.BooleanField(required=False)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        said = {name: getattr(instance, name) for name in PLAIN}
        return {**said, "owner": instance.owner_id, "is_pinned": instance.pinned_at is not None}


PLAIN = (
    "id", "record_type", "name", "query", "is_shared", "is_default", "created_at", "updated_at",
)  # fmt: skip


class ViewShareSerializer(RecipientSerializer):
    """A view shared with a member or with a team."""


class SavedViewViewSet(viewsets.GenericViewSet):
    """Saved views: one's own and those everybody has."""

    key_group = "views"
    queryset = SavedView.objects.none()
    serializer_class = ViewSerializer
    pagination_class = None
    lookup_value_converter = "uuid"

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def get_queryset(self) -> QuerySet[SavedView]:
        return SavedView.objects.visible_to(self.actor)

    @extend_schema(
        parameters=[OpenApiParameter("record_type", str, description="Views of this type only.")],
        responses=ViewSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        wanted = request.query_params.get("record_type", "")
        found = [each for each in views_of(self.actor) if wanted in ("", each.record_type)]
        return Response(self.get_serializer(found, many=True).data)

    def retrieve(self, request: Request, pk: Any) -> Response:
        return Response(self._said(pk))

    def create(self, request: Request) -> Response:
        said = self._read()
        wanted: dict[str, Any] = {
            name: said.pop(name) for name in ("is_default", "is_pinned") if name in said
        }
        view = create_view(actor=self.actor, **said)
        self._change(view, wanted)
        return Response(self._said(view.pk), status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: Any) -> Response:
        view, said = self._view(pk), self._read(partial=True)
        if said.pop("record_type", view.record_type) != view.record_type:
            message = _("A view stays with its type of record.")
            raise serializers.ValidationError({"record_type": [message]})
        self._change(view, said)
        return Response(self._said(pk))

    def destroy(self, request: Request, pk: Any) -> Response:
        delete_view(self._view(pk), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=OrderSerializer, responses=ViewSerializer(many=True))
    @action(detail=False, methods=["post"])
    def order(self, request: Request) -> Response:
        """Put the pinned views into this order; starred records may stand among them, and what is not named comes last."""
        asked = OrderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        arrange_all(asked.validated_data["ids"], actor=self.actor)
        return Response(self.get_serializer(pinned(views_of(self.actor)), many=True).data)

    @extend_schema(responses=ViewShareSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def shares(self, request: Request, pk: Any) -> Response:
        """With whom the view is shared by name; asked by those who may share it."""
        view = self._view(pk)
        authorize(self.actor, "views.share_view", view)
        rows = view.shares.order_by("created_at", "pk")
        return Response(ViewShareSerializer(rows, many=True).data)

    @extend_schema(request=ViewShareSerializer, responses={201: ViewShareSerializer})
    @shares.mapping.post
    def share(self, request: Request, pk: Any) -> Response:
        """Share the view with a member or a team."""
        asked = ViewShareSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        shared = share_view_with(
            self._view(pk), member=said.get("user"), team=said.get("team"), actor=self.actor
        )
        answer = ViewShareSerializer(shared).data
        return Response(answer, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("share", UUID, OpenApiParameter.PATH)], responses={204: None}
    )
    @action(detail=True, methods=["delete"], url_path="shares/<uuid:share>")
    def end_share(self, request: Request, pk: Any, share: UUID) -> Response:
        """Take the view back from one it is shared with."""
        end_view_share(get_object_or_404(self._view(pk).shares, pk=share), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _change(self, view: SavedView, said: dict[str, Any]) -> None:
        """Call the operation for each thing the caller names."""
        plain: dict[str, Any] = {name: said[name] for name in ("name", "query") if name in said}
        if plain:
            update_view(view, actor=self.actor, changes=plain)
        if "is_shared" in said:
            share_view(view, actor=self.actor, is_shared=said["is_shared"])
        if "is_default" in said:
            set_default_view(view, actor=self.actor, is_default=said["is_default"])
        if "is_pinned" in said:
            (pin_view if said["is_pinned"] else unpin_view)(view, actor=self.actor)

    def _view(self, pk: Any) -> SavedView:
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise NotFound(_("There is no such record."))
        return found

    def _said(self, pk: Any) -> Any:
        found = next((view for view in views_of(self.actor) if view.pk == pk), None)
        if found is None:
            raise NotFound(_("There is no such record."))
        return self.get_serializer(found).data

    def _read(self, *, partial: bool = False) -> dict[str, Any]:
        serializer = self.get_serializer(data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)
