"""A provider that provisions Acme's members."""

import json

import pytest
from django.utils.timezone import now

from api.scim.operations.settings import make_scim_token
from tenants.members.models import User
from tests.conftest import Visitor

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
KIND = "application/scim+json"

OKTA = {
    "schemas": [USER],
    "userName": "dora@acme.test",
    "name": {"givenName": "Dora", "familyName": "Novak"},
    "emails": [{"primary": True, "value": "dora@acme.test", "type": "work"}],
    "displayName": "Dora Novak",
    "locale": "en-US",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}


class Provider:
    """Calls SCIM as a provider does: with its token, and SCIM's media type."""

    def __init__(self, workspace, secret):
        self.visitor = Visitor(workspace, HTTP_AUTHORIZATION=f"Bearer {secret}")

    def call(self, method, place, body=None, **headers):
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        answer = self.visitor.generic(
            method, f"/scim/v2/{place}", "" if body is None else content, KIND, headers=headers
        )
        answer.said = json.loads(answer.content) if answer.content else None
        return answer

    def get(self, place, **headers):
        return self.call("GET", place, **headers)

    def make(self, **values):
        return self.call("POST", "Users", {"schemas": [USER], **values})

    def patch(self, place, *operations, **headers):
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.call("PATCH", place, body, **headers)


@pytest.fixture
def scim(acme, alice):
    """Okta with a token Alice, an owner, has made."""
    _token, secret = make_scim_token(actor=alice.as_actor(), at=now())
    return Provider(acme, secret)


@pytest.fixture
def dora(scim):
    """The id of a member the provider has made."""
    return scim.call("POST", "Users", OKTA).said["id"]


def member(pk):
    return User.objects.get(pk=pk)
