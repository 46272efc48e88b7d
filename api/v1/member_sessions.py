"""Where members are signed in, for those who may end it, in the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.settings import SettingsViewSet
from api.v1.own_logins import EndedSerializer, MemberSessionSerializer
from tenants.members.giving import refuse_beyond
from tenants.members.models import Session, User
from tenants.members.operations.member_sessions import end_member_session, end_member_sessions
from tenants.members.permissions import MANAGE_MEMBERS


class MemberSessionViewSet(SettingsViewSet):
    """The sessions of a member with no more rights than the caller’s own."""

    key_group = "members"
    queryset = Session.objects.none()
    serializer_class = MemberSessionSerializer
    read_by = (MANAGE_MEMBERS,)
    dangerous = ("destroy", "end_all")

    def rows(self) -> QuerySet[Any]:
        member = self._member()
        refuse_beyond(member.role, actor=self.actor)
        return Session.objects.running(member.pk, at=now())

    @extend_schema(responses=MemberSessionSerializer(many=True))
    def list(self, request: Request, pk: Any) -> Response:
        """Where the member is signed in: browsers and times, and no places."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: Any, session: Any) -> Response:
        """Sign the member out in one browser; they are told by mail."""
        if not end_member_session(self._member(), session, actor=self.actor):
            raise NotFound(_("There is no such record."))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=EndedSerializer)
    def end_all(self, request: Request, pk: Any) -> Response:
        """Sign the member out everywhere; they are told by mail."""
        ended = end_member_sessions(self._member(), actor=self.actor)
        return Response(EndedSerializer({"ended": ended}).data)

    def _member(self) -> User:
        people = User.objects.filter(is_service=False).select_related("role")
        found: User | None = people.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise NotFound(_("There is no such record."))
        return found
