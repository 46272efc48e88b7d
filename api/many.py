"""What programs do to many records of one type: change, delete, merge, restore, destroy."""

from typing import Any
from uuid import UUID

from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.pagination import Pages
from api.strict import StrictSerializer
from core.access import authorize
from core.actors import Actor
from core.field_rights import named_fields
from core.records.registry import RecordType
from crm.history.choices import ALL
from crm.history.choosing import Chosen
from crm.history.duplicate_jobs import find_duplicates
from crm.history.jobs import do_now_or_later
from crm.history.models.change_sets import ChangeSet
from crm.history.models.duplicates import Duplicate
from crm.history.operations.bulk import begin_bulk
from crm.history.operations.duplicates import (
    begin_search,
    dismiss_duplicate,
    likely_duplicates,
)
from crm.history.operations.merging import MOST, merge_records
from crm.history.orders import ACTIONS, Order
from crm.history.pages.trash import in_trash

MOST_IDS = 10_000


class ChangeSetSerializer(serializers.ModelSerializer):
    """What somebody did to many records, how far it is, and whether it was undone."""

    label = serializers.CharField(read_only=True)
    done = serializers.IntegerField(read_only=True)

    class Meta:
        model = ChangeSet
        fields = (
            "id", "kind", "action", "record_type", "fields", "label", "state", "owner", "actor_label",
            "total", "done", "created", "updated", "deleted", "restored", "unchanged", "refused",
            "created_at", "finished_at", "undoes", "undone_at", "undone_by",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: ChangeSet) -> dict[str, Any]:
        """Leave out the names of fields that are hidden from who asks."""
        said: dict[str, Any] = super().to_representation(instance)
        actor: Actor = self.context["request"]._request.actor
        rights = actor.fields.of_type(instance.record_type)
        return said | {"fields": named_fields(instance.fields, rights)}


class BulkSerializer(StrictSerializer):
    """An action and the records it is about: their ids, or `all` that the query of the address matches."""

    action = serializers.ChoiceField(choices=sorted(ACTIONS))
    field = serializers.CharField(max_length=60, required=False, default="")
    value = serializers.JSONField(required=False, default=None, allow_null=True)
    ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=MOST_IDS
    )
    all = serializers.BooleanField(required=False, default=False)


class MergeSerializer(StrictSerializer):
    """The record that stays, the others, and for each field whose value it gets; `all` joins lists."""

    survivor = serializers.UUIDField()
    records = serializers.ListField(child=serializers.UUIDField(), max_length=MOST)
    choices = serializers.DictField(child=serializers.CharField(max_length=36), required=False)

    def validate_choices(self, value: dict[str, str]) -> dict[str, UUID | str]:
        uuid = serializers.UUIDField()
        return {
            name: said if said == ALL else uuid.to_internal_value(said)
            for name, said in value.items()
        }


class TrashedSerializer(serializers.Serializer):
    """A record in the trash."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(source="__str__", read_only=True)
    deleted_at = serializers.DateTimeField(read_only=True)
    deleted_by = serializers.UUIDField(source="deleted_by_id", read_only=True, allow_null=True)


class DuplicateSerializer(serializers.Serializer):
    """Two records that are probably one."""

    id = serializers.UUIDField(read_only=True)
    first = serializers.UUIDField(source="first_id", read_only=True)
    second = serializers.UUIDField(source="second_id", read_only=True)
    reason = serializers.CharField(read_only=True)
    score = serializers.IntegerField(read_only=True)


class DismissSerializer(StrictSerializer):
    """The pair that is none."""

    id = serializers.UUIDField()


class LikelySerializer(serializers.Serializer):
    """A record that may be meant."""

    id = serializers.UUIDField(source="record.pk", read_only=True)
    name = serializers.CharField(source="record", read_only=True)
    reason = serializers.CharField(read_only=True)
    score = serializers.IntegerField(read_only=True)


class ManyRecords:
    """Adds to a record type's endpoints what is done to many of its records."""

    record_type: RecordType
    actor: Actor
    get_serializer: Any

    @extend_schema(
        request=BulkSerializer, responses={200: ChangeSetSerializer, 202: ChangeSetSerializer}
    )
    @action(detail=False, methods=["post"], filter_backends=(), pagination_class=None)
    def bulk(self, request: Request) -> Response:
        """Do one thing to many records; more than a hundred are dealt with behind the answer."""
        said = _read(BulkSerializer, request)
        query = request.query_params.urlencode() if said["all"] else None
        order = Order(said["action"], ACTIONS[said["action"]].field or said["field"], said["value"])
        chosen = Chosen(() if said["all"] else tuple(dict.fromkeys(said["ids"])), query)
        the_set = begin_bulk(self.record_type, chosen=chosen, order=order, actor=self.actor)
        return answer_of(do_now_or_later(the_set), request)

    @extend_schema(request=MergeSerializer, responses={200: ChangeSetSerializer})
    @action(detail=False, methods=["post"], filter_backends=(), pagination_class=None)
    def merge(self, request: Request) -> Response:
        """Make one record of two to five."""
        said = _read(MergeSerializer, request)
        _one, the_set = merge_records(
            self.record_type,
            survivor=said["survivor"],
            others=said["records"],
            choices=said.get("choices", {}),
            actor=self.actor,
        )
        the_set.refresh_from_db()
        return answer_of(the_set, request)

    @extend_schema(responses=DuplicateSerializer(many=True))
    @action(detail=False, methods=["get"], filter_backends=())
    def duplicates(self, request: Request) -> Response:
        """List pairs of records that are probably one, the surest first."""
        authorize(self.actor, self.record_type.permission("view"))
        pairs = Duplicate.objects.seen_by(self.actor, self.record_type).waiting()
        paginator = Pages()
        page: Any = paginator.paginate_queryset(pairs.order_by("-score", "pk"), request)
        return paginator.get_paginated_response(DuplicateSerializer(page, many=True).data)

    @extend_schema(request=None, responses={202: None})
    @duplicates.mapping.post
    def find_duplicates(self, request: Request) -> Response:
        """Have all records looked through behind the answer."""
        search = begin_search(self.record_type, actor=self.actor, at=now())
        find_duplicates.enqueue(search_id=search.pk)
        return Response(status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=DismissSerializer, responses={204: None})
    @action(
        detail=False,
        methods=["post"],
        url_path="duplicates/dismiss",
        filter_backends=(),
        pagination_class=None,
    )
    def dismiss_duplicate(self, request: Request) -> Response:
        """Say that two records are not one."""
        pk = _read(DismissSerializer, request)["id"]
        pair = Duplicate.objects.seen_by(self.actor, self.record_type).filter(pk=pk).first()
        if pair is None:
            raise NotFound
        dismiss_duplicate(pair, actor=self.actor, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=OpenApiTypes.OBJECT, responses=LikelySerializer(many=True))
    @action(
        detail=False,
        methods=["post"],
        url_path="likely-duplicates",
        filter_backends=(),
        pagination_class=None,
    )
    def likely_duplicates(self, request: Request) -> Response:
        """Say which records may be the one with these values, without writing anything."""
        authorize(self.actor, self.record_type.permission("view"))
        serializer = self.get_serializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        likely = likely_duplicates(self.record_type, serializer.validated_data, actor=self.actor)
        return Response(LikelySerializer(likely, many=True).data)

    @extend_schema(responses=TrashedSerializer(many=True))
    @action(detail=False, methods=["get"], filter_backends=())
    def trash(self, request: Request) -> Response:
        """List what lies in the trash, the newest first."""
        authorize(self.actor, self.record_type.permission("view"))
        rows = in_trash(self.record_type, self.actor).order_by("-deleted_at", "-pk")
        paginator = Pages()
        page: Any = paginator.paginate_queryset(rows, request)
        return paginator.get_paginated_response(TrashedSerializer(page, many=True).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], filter_backends=(), pagination_class=None)
    def restore(self, request: Request, pk: Any) -> Response:
        """Take a record out of the trash."""
        self.record_type.operations.many.restore([pk], actor=self.actor).only()
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    @action(
        detail=True, methods=["post"], url_path="destroy", filter_backends=(), pagination_class=None
    )
    def destroy_for_good(self, request: Request, pk: Any) -> Response:
        """Destroy a record that lies in the trash, with everything that belongs to it."""
        self.record_type.operations.many.destroy([pk], actor=self.actor).only()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _read(kind: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def answer_of(the_set: ChangeSet, request: Request) -> Response:
    """Return the change set; accepted, when its work goes on behind the answer."""
    code = status.HTTP_202_ACCEPTED if the_set.is_under_way else status.HTTP_200_OK
    return Response(ChangeSetSerializer(the_set, context={"request": request}).data, status=code)
