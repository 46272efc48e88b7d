"""What the settings of a workspace have in common in the API: read by id, written by operations."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from rest_framework import viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from api.pagination import Pages
from core.access import can
from core.actors import Actor
from tenants.members.recent_login import refuse_stale_login


def refuse_stale_session(request: Request) -> None:
    """Refuse a browser's session whose member has not said who they are lately; keys are not asked."""
    if request.auth is None:
        refuse_stale_login(request._request)


class SettingsViewSet(viewsets.GenericViewSet):
    """Settings of one kind.

    `read_by` names the permissions of which one is enough to see them; none is needed where it is
    empty. `dangerous` names the actions that a browser's session does only soon after a log-in.
    """

    filter_backends = ()
    pagination_class = Pages
    lookup_value_converter = "uuid"
    read_by: tuple[str, ...] = ()
    dangerous: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action in self.dangerous:
            refuse_stale_session(request)

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def rows(self) -> Any:
        """Return what there is, in order."""
        raise NotImplementedError

    def get_queryset(self) -> Any:
        if self.read_by and not any(can(self.actor, each) for each in self.read_by):
            raise PermissionDenied(self.read_by[0])
        return self.rows()

    def get_object(self) -> Any:
        found = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise NotFound(_("There is no such record."))
        return found

    def said(self, row: Any, *, status: int = 200) -> Response:
        """Answer with one row, read anew."""
        found = self.rows().get(pk=row.pk)
        return Response(self.get_serializer(found).data, status=status)

    def asked(
        self, kind: type[Serializer] | None = None, *, partial: bool = False
    ) -> dict[str, Any]:
        """Return what the caller says, read by a serializer; the view's own unless another is named."""
        serializer = (kind or self.get_serializer_class())(
            data=self.request.data, partial=partial, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)
