"""Who has a second factor, and what those may not do who need one and have none."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from core.errors import OperationError
from core.prepared import Prepared
from tenants.members.models import LoginPolicy, User

# Recovery codes stand in for one of these; they are none themselves.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# In the session: the member whose second factor was asked for by whoever logged them in.
VOUCHED = "second_factor_vouched"
# Asked together with whoever asks for something.
POLICY = Prepared(lambda: LoginPolicy.objects.all())


class SecondFactorNeeded(OperationError):
    code = "second_factor_needed"
    message = _("This workspace asks for two-step verification. Sign in and set it up first.")
    status = 403


def has_second_factor(member: str = "pk") -> Exists:
    """Return the expression that tells of each row whether its member has a second factor."""
    return Exists(Authenticator.objects.filter(user=OuterRef(member), type__in=FACTORS))


def is_protected_now(member: User) -> bool:
    """Return whether the member has a second factor, asked anew."""
    return Authenticator.objects.filter(user_id=member.pk, type__in=FACTORS).exists()


def with_policy(member: User, policies: list[LoginPolicy], *, is_protected: bool) -> User:
    """Return the member, who knows what is demanded of them, and whether they have a second factor."""
    member.is_protected = is_protected
    member.policy = policies[0] if policies else LoginPolicy()
    return member


def is_overdue(member: User, at: datetime) -> bool:
    """Return whether the member can do nothing any more before setting up a second factor."""
    due = member.second_factor_from
    return due is not None and due <= at


def refuse_overdue(member: User, at: datetime) -> None:
    """Refuse to go on when the member lacks the second factor they need by now."""
    if is_overdue(member, at):
        raise SecondFactorNeeded
