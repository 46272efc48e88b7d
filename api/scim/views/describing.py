"""What a provider may ask of us before it begins: what we can do, and what members and teams look like."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    Context,
    ETag,
    Filter,
    Patch,
    ResourceType,
    ServiceProviderConfig,
    Sort,
)

from api.scim import resources
from api.scim.mapping import BASE
from api.scim.querying import LARGEST_PAGE
from api.scim.views.provider import ScimView
from core.isolation.scope import current_workspace

CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=LARGEST_PAGE),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A token of the workspace, made in its settings.",
            primary=True,
        )
    ],
)
MODELS = (resources.User, resources.Group)
TYPES = {model.__name__: ResourceType.from_resource(model) for model in MODELS}
SCHEMAS = {str(model.__schema__): model.to_schema() for model in MODELS}


def _said(resource: Any, kind: str, place: str) -> dict[str, Any]:
    told: dict[str, Any] = resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    location = f"{current_workspace().url}{BASE}/{place}"
    return {**told, "meta": {"resourceType": kind, "location": location}}


def _list(found: list[dict[str, Any]]) -> Response:
    return Response(
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": len(found),
            "startIndex": 1,
            "itemsPerPage": len(found),
            "Resources": found,
        }
    )


class Config(ScimView):
    """What we can do."""

    def get(self, request: Request) -> Response:
        return Response(_said(CONFIG, "ServiceProviderConfig", "ServiceProviderConfig"))


class Types(ScimView):
    """Which resources there are."""

    def get(self, request: Request, name: str = "") -> Response:
        if not name:
            return _list([_type(each) for each in TYPES])
        if name not in TYPES:
            raise Http404
        return Response(_type(name))


class Schemas(ScimView):
    """What the resources look like."""

    def get(self, request: Request, uri: str = "") -> Response:
        if not uri:
            return _list([_schema(each) for each in SCHEMAS])
        if uri not in SCHEMAS:
            raise Http404
        return Response(_schema(uri))


def _type(name: str) -> dict[str, Any]:
    return _said(TYPES[name], "ResourceType", f"ResourceTypes/{name}")


def _schema(uri: str) -> dict[str, Any]:
    return _said(SCHEMAS[uri], "Schema", f"Schemas/{uri}")
