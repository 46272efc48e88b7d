"""Setting up and taking away second factors: one's own, or all of a member who lost them."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.names import named
from tenants.members.giving import refuse_beyond
from tenants.members.models import User
from tenants.members.operations.logins import note_login_changed
from tenants.members.permissions import MANAGE_MEMBERS
from tenants.members.second_factors import FACTORS


class AppThereAlready(OperationError):
    code = "app_there_already"
    message = _("An authenticator app is set up already. Remove it first.")


class NothingToRecover(OperationError):
    code = "nothing_to_recover"
    message = _("Set up an authenticator app or a passkey first.")


class YourOwnFactors(OperationError):
    code = "your_own_factors"
    message = _("Change your own two-step verification in your settings.")


@transaction.atomic
def add_app(user: User, *, secret: str, keep: str, actor: Actor) -> list[str]:
    """Let an authenticator app be the member's second factor.

    Returns their recovery codes when these are the first they get, to be shown once.
    """
    user = _own(user, actor)
    if _factors(user).filter(type=Authenticator.Type.TOTP).exists():
        raise AppThereAlready
    TOTP.activate(user, secret)
    note_login_changed(user, change="app_added", keep=keep, actor=actor)
    return _first_codes(user)


@transaction.atomic
def add_passkey(
    user: User, *, name: str, credential: dict[str, Any], keep: str, actor: Actor
) -> list[str]:
    """Keep a passkey whose owner has just proven it; returns recovery codes as `add_app` does."""
    user = _own(user, actor)
    WebAuthn.add(user, named(name), credential)
    note_login_changed(user, change="passkey_added", keep=keep, actor=actor)
    return _first_codes(user)


@transaction.atomic
def rename_passkey(passkey: Authenticator, *, name: str, actor: Actor) -> Authenticator:
    """Give a passkey another name; nobody but its owner reads it."""
    _own(passkey.user, actor)
    passkey = Authenticator.objects.select_for_update().get(pk=passkey.pk)
    passkey.data["name"] = named(name)
    passkey.save(update_fields=["data"])
    return passkey


@transaction.atomic
def remove_factor(factor: Authenticator, *, keep: str, actor: Actor) -> None:
    """Take a second factor away; with the last one the recovery codes go too."""
    user = _own(factor.user, actor)
    change = "app_removed" if factor.type == Authenticator.Type.TOTP else "passkey_removed"
    factor.delete()
    if not _factors(user).filter(type__in=FACTORS).exists():
        _factors(user).delete()
    note_login_changed(user, change=change, keep=keep, actor=actor)


@transaction.atomic
def renew_recovery_codes(user: User, *, keep: str, actor: Actor) -> list[str]:
    """Return new recovery codes, to be shown once; the ones before are worth nothing any more."""
    user = _own(user, actor)
    if not _factors(user).filter(type__in=FACTORS).exists():
        raise NothingToRecover
    _factors(user).filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    note_login_changed(user, change="codes_renewed", keep=keep, actor=actor)
    return _first_codes(user)


@transaction.atomic
def reset_factors(member: User, *, actor: Actor) -> User:
    """Take every second factor and recovery code of a member who lost them.

    They are logged out everywhere, told by mail, and come in by their password alone until they
    set up another one.
    """
    held = User.objects.select_related("role").filter(is_service=False).lock(member.pk)
    authorize(actor, MANAGE_MEMBERS)
    refuse_beyond(held.role, actor=actor)
    if held.pk == actor.user_id:
        raise YourOwnFactors
    taken, _kinds = _factors(held).delete()
    if taken:
        note_login_changed(held, change="factors_reset", keep="", actor=actor)
    return held


def _own(user: User, actor: Actor) -> User:
    """Return the member, held so that two changes of their log-in take turns."""
    if actor.kind != "member" or actor.user_id != user.pk:
        raise PermissionDenied
    return User.objects.lock(user.pk)


def _factors(user: User) -> Any:
    return Authenticator.objects.filter(user_id=user.pk)


def _first_codes(user: User) -> list[str]:
    if _factors(user).filter(type=Authenticator.Type.RECOVERY_CODES).exists():
        return []
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes
