"""Who works in a workspace: members, their roles and teams, and those invited."""

from tenants.members.models.domains import JoinRequest, MailDomain
from tenants.members.models.people import (
    INVITATION_LIFETIME,
    ConsentRecord,
    Invitation,
    LoginToken,
    User,
)
from tenants.members.models.policies import LoginPolicy
from tenants.members.models.roles import Role
from tenants.members.models.sessions import KnownBrowser, Session
from tenants.members.models.teams import RecordShare, Team, TeamMembership
from tenants.members.models.viewing import Viewing

__all__ = [
    "INVITATION_LIFETIME", "ConsentRecord", "Invitation", "JoinRequest", "KnownBrowser", "LoginPolicy", "LoginToken",
    "MailDomain", "RecordShare", "Role", "Session",
    "Team", "TeamMembership", "User", "Viewing",
]  # fmt: skip
