"""Members and teams as SCIM knows them: the attributes we keep, and nothing we would drop in silence."""

from typing import Annotated, Any

from pydantic import Field
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    Mutability,
    Required,
    Resource,
    ScimPolicy,
    Uniqueness,
)

# What providers send beside the specification: attributes we do not keep, values in a `remove`,
# and filters for an entry that is still to be made.
TOLERANT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


class Name(ComplexAttribute):
    """How somebody is called."""

    formatted: str | None = None
    """The whole name, in the order of their language; read where the parts of a new member's name are missing."""

    family_name: str | None = None
    """The family name."""

    given_name: str | None = None
    """The given name."""


class Email(ComplexAttribute):
    """An e-mail address; a member has the one they sign in with."""

    value: str | None = None
    """The address."""

    type: str | None = None
    """What it is for; always work."""

    primary: bool | None = None
    """Always true."""


class Membership(ComplexAttribute):
    """A team somebody is in."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    """The team's id."""

    display: Annotated[str | None, Mutability.read_only] = None
    """The team's name."""


class User(Resource[Any]):
    """A member of the workspace."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The e-mail address they sign in with."""

    name: Name | None = None
    """Their name."""

    display_name: str | None = None
    """The name as the workspace shows it; read where the parts of a new member's name are missing."""

    active: bool | None = None
    """Whether they may sign in."""

    emails: list[Email] | None = None
    """Their address once more."""

    preferred_language: str | None = None
    """The language they read, as a language tag."""

    timezone: str | None = None
    """Their time zone, such as Europe/London."""

    groups: Annotated[list[Membership] | None, Mutability.read_only] = None
    """The teams they are in."""


class GroupMember(ComplexAttribute):
    """Somebody in a team."""

    value: Annotated[str | None, CaseExact.true] = None
    """The member's id."""

    display: str | None = None
    """The member's name."""

    type: str | None = Field(None, examples=["User"])
    """Always User: teams lie under others by the workspace's own hand."""


class Group(Resource[Any]):
    """A team of the workspace."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The team's name."""

    members: list[GroupMember] | None = None
    """Who is in it."""
