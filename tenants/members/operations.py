"""Everything that can be done to members: start, invite, log in once."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress

from core.access import starting_permissions
from tenants.members.models import ConsentRecord, Role, User


@dataclass(frozen=True, slots=True)
class Agreement:
    """The terms and the privacy notice somebody accepted, in which version and language."""

    terms_version: str
    privacy_version: str
    language: str
    given_at: datetime


def create_owner(
    *,
    email: str,
    password_hash: str,
    language: str,
    time_zone: str,
    agreement: Agreement | None,
    at: datetime,
) -> User:
    """Make a workspace's first member, an admin whose address was proven by a code."""
    user = User(
        email=email,
        password=password_hash,
        role=Role.objects.get(key=Role.Key.ADMIN),
        language=language,
        time_zone=time_zone,
    )
    user.full_clean()
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if agreement:
        _record(user, agreement)
    return user


def _record(user: User, agreement: Agreement) -> None:
    versions = {"terms": agreement.terms_version, "privacy": agreement.privacy_version}
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            user=user,
            document=document,
            version=version,
            language=agreement.language,
            given_at=agreement.given_at,
        )
        for document, version in versions.items()
    )


def seed_roles() -> None:
    """Fill a workspace with the roles everybody starts with."""
    for key in Role.Key.values:
        Role.objects.get_or_create(key=key, defaults={"permissions": starting_permissions(key)})
