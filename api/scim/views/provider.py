"""The endpoints a provider calls: members, teams, and what describes them."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import (
    APIException,
    AuthenticationFailed,
    NotAuthenticated,
    Throttled,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from scim2_models import Context, Error, PatchOp

from api.scim import resources
from api.scim.auth import IsProvider, ScimAuthentication
from api.scim.mapping import (
    described,
    external_id_of,
    group_resource,
    ids_of,
    members_with_links,
    name_of,
    person_of,
    teams_with_links,
    user_resource,
)
from api.scim.operations.members import (
    change_provisioned,
    provision_member,
    remove_provisioned,
)
from api.scim.operations.teams import (
    change_provisioned_team,
    provision_team,
    remove_provisioned_team,
)
from api.scim.querying import Listing, shown
from api.scim.rendering import MEDIA_TYPE, OnlyScim, ScimParser, ScimRenderer, error_of
from api.scim.resources import TOLERANT
from core.actors import Actor
from core.middleware import note_refusal


@extend_schema(exclude=True)
class ScimView(APIView):
    """What all endpoints share: the token, the media type, the error bodies."""

    authentication_classes = (ScimAuthentication,)
    permission_classes = (IsProvider,)
    parser_classes = (ScimParser,)
    renderer_classes = (ScimRenderer,)
    content_negotiation_class = OnlyScim

    @property
    def actor(self) -> Actor:
        found: Actor = self.request._request.actor
        return found

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a refusal in SCIM's words; anything else is a bug and rises."""
        if isinstance(exc, NotAuthenticated | AuthenticationFailed):
            exc.status_code = 401
        error = error_of(exc)
        if error is None:
            raise exc
        answer = Response(error.model_dump(), status=error.status or 400, content_type=MEDIA_TYPE)
        if answer.status_code == 401:
            answer["WWW-Authenticate"] = "Bearer"
        if isinstance(exc, Throttled | PermissionDenied):
            note_refusal(self.request._request, exc)
        if isinstance(exc, Throttled) and exc.wait:
            answer["Retry-After"] = str(exc.wait)
        answer.exception = True
        return answer


class Unsupported(ScimView):
    """What the specification knows and we do not do."""

    def _refuse(self, request: Request, **parts: Any) -> Response:
        error = Error(status=501, detail="This is not supported.")
        return Response(error.model_dump(), status=501)

    get = post = put = patch = delete = _refuse


class Missing(ScimView):
    """Every other address."""

    def _missing(self, request: Request, **parts: Any) -> Response:
        raise Http404

    get = post = put = patch = delete = _missing


class Resources(ScimView):
    """A list of one kind of resource, and making another one."""

    kind = ""
    model: Any

    def rows(self) -> Any:
        raise NotImplementedError

    def resource(self, row: Any) -> Any:
        raise NotImplementedError

    def make(self, said: Any) -> Any:
        raise NotImplementedError

    def get(self, request: Request) -> Response:
        return self._listed(request.query_params.dict())

    def _listed(self, asked: dict[str, Any]) -> Response:
        listing = Listing(self.model, asked)

        def show(resource: Any) -> dict[str, Any]:
            meta = described(resource, self.kind, resource.id)
            return shown(resource, meta, listing.asked, Context.RESOURCE_QUERY_RESPONSE)

        return Response(listing.answer(self.rows(), self.resource, show))

    def post(self, request: Request) -> Response:
        said = self.model.model_validate(
            request.data, scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=TOLERANT
        )
        with transaction.atomic():
            made = self.make(said)
        return _answered(self, made.pk, status=201)


class Searched(Resources):
    """The same list, asked for in a body."""

    def get(self, request: Request) -> Response:
        raise Http404

    def post(self, request: Request) -> Response:
        return self._listed(dict(request.data))


class Single(ScimView):
    """One resource: read, replaced, changed, taken away."""

    kind = ""
    model: Any

    def rows(self) -> Any:
        raise NotImplementedError

    def resource(self, row: Any) -> Any:
        raise NotImplementedError

    def change(self, row: Any, said: Any, before: Any) -> None:
        raise NotImplementedError

    def remove(self, row: Any) -> None:
        raise NotImplementedError

    def get(self, request: Request, pk: str) -> Response:
        answer = _answered(self, pk)
        if request.headers.get("If-None-Match", "") in ("*", answer["ETag"]):
            return Response(status=304, headers={"ETag": answer["ETag"]})
        return answer

    def put(self, request: Request, pk: str) -> Response:
        before = self._held(request, pk)
        said = self.model.model_validate(
            {**dict(request.data), "id": pk},
            scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST,
            scim_policy=TOLERANT,
        )
        return self._changed(pk, said, before)

    def patch(self, request: Request, pk: str) -> Response:
        before = self._held(request, pk)
        with TOLERANT:
            patch = PatchOp[self.model].model_validate(  # type: ignore[name-defined]
                request.data, scim_ctx=Context.RESOURCE_PATCH_REQUEST
            )
            said = before.model_copy(deep=True)
            patch.patch(said)
        return self._changed(pk, said, before)

    def delete(self, request: Request, pk: str) -> Response:
        self._held(request, pk)
        with transaction.atomic():
            self.remove(_found(self.rows(), pk))
        return Response(status=204)

    def _held(self, request: Request, pk: str) -> Any:
        """Return the resource as it is; refuses when the caller knows another version of it."""
        answer = _answered(self, pk)
        wanted = request.headers.get("If-Match", "")
        if wanted and wanted != "*" and answer["ETag"] not in wanted:
            raise Outdated
        return self.resource(_found(self.rows(), pk))

    def _changed(self, pk: str, said: Any, before: Any) -> Response:
        with transaction.atomic():
            self.change(_found(self.rows(), pk), said, before)
        return _answered(self, pk)


class Outdated(APIException):
    """The caller knows another version."""

    status_code = 412
    default_detail = "The resource has changed since."


def _found(rows: Any, pk: Any) -> Any:
    try:
        row = rows.filter(pk=UUID(str(pk))).first()
    except ValueError:
        row = None
    if row is None:
        raise Http404
    return row


def _answered(view: Any, pk: Any, *, status: int = 200) -> Response:
    """Return a resource's body, where it is, and its version."""
    resource = view.resource(_found(view.rows(), pk))
    context = Context.RESOURCE_QUERY_RESPONSE
    asked = Listing(view.model, view.request.query_params.dict()).asked
    meta = described(resource, view.kind, resource.id)
    body = shown(resource, meta, asked, context)
    headers = {"ETag": body["meta"]["version"], "Location": meta["location"]}
    return Response(body, status=status, headers=headers)


class _Users:
    kind = "User"
    model = resources.User
    actor: Actor

    def rows(self) -> Any:
        return members_with_links()

    def resource(self, row: Any) -> Any:
        return user_resource(row)


class _Groups:
    kind = "Group"
    model = resources.Group
    actor: Actor

    def rows(self) -> Any:
        return teams_with_links()

    def resource(self, row: Any) -> Any:
        return group_resource(row)


class Users(_Users, Resources):
    """Members."""

    def make(self, said: Any) -> Any:
        return provision_member(person_of(said, None), actor=self.actor)


class SearchedUsers(_Users, Searched):
    """Members, asked for in a body."""


class User(_Users, Single):
    """One member."""

    def change(self, row: Any, said: Any, before: Any) -> None:
        change_provisioned(row, person_of(said, before), actor=self.actor)

    def remove(self, row: Any) -> None:
        remove_provisioned(row, actor=self.actor)


class Groups(_Groups, Resources):
    """Teams."""

    def make(self, said: Any) -> Any:
        return provision_team(
            name=name_of(said),
            external_id=external_id_of(said),
            members=ids_of(said.members),
            actor=self.actor,
        )


class SearchedGroups(_Groups, Searched):
    """Teams, asked for in a body."""


class Group(_Groups, Single):
    """One team."""

    def change(self, row: Any, said: Any, before: Any) -> None:
        change_provisioned_team(
            row,
            name=name_of(said),
            external_id=external_id_of(said),
            members=ids_of(said.members),
            actor=self.actor,
        )

    def remove(self, row: Any) -> None:
        remove_provisioned_team(row, actor=self.actor)
