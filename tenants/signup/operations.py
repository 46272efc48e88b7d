"""Everything a company can do on its way in: prove its e-mail, describe itself, get its workspace."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import OperationError
from core.isolation.scope import bind_workspace
from core.secret_hashes import hash_of
from tenants.addresses import normalise, refuse_taken, refuse_unsuitable
from tenants.members.login_tokens import issue_login_token
from tenants.members.models import User
from tenants.signup.jobs import open_requested_workspace, send_code
from tenants.signup.legal import PRIVACY_VERSION, TERMS_VERSION
from tenants.signup.models import REQUEST_LIFETIME, SignupRequest

State = SignupRequest.State


class WrongCode(OperationError):
    code = "wrong_code"
    message = _("This code is not right. Check the latest message we sent.")
    status = 400


class CodeUsedUp(OperationError):
    code = "code_used_up"
    message = _("This code does not work any more. Ask for a new one.")
    status = 400


class TooSoon(OperationError):
    code = "too_soon"
    message = _("A code is on its way. You can ask for another one in a moment.")
    status = 429


class NoMoreCodes(OperationError):
    code = "no_more_codes"
    message = _("No more codes can be sent to this address now. Start again in a day.")
    status = 429


@dataclass(frozen=True, slots=True)
class Company:
    """What a company says of itself on the second page."""

    name: str
    slug: str
    language: str
    country: str
    time_zone: str
    password: str


@transaction.atomic
def begin_signup(email: str, *, language: str, at: datetime) -> tuple[SignupRequest, str]:
    """Start a request and send it a code; return it with the secret its browser keeps.

    The answer is the same whether or not the address is known.
    """
    browser_secret = secrets.token_urlsafe(32)
    request = SignupRequest.objects.create(
        browser_hash=hash_of(browser_secret),
        email=email.strip(),
        language=language,
        created_at=at,
    )
    send_code.enqueue(request_id=request.pk)
    return request, browser_secret


def find_request(browser_secret: str, *, at: datetime) -> SignupRequest | None:
    """Return the request this browser began, unless a day has passed."""
    return SignupRequest.objects.filter(
        browser_hash=hash_of(browser_secret), created_at__gt=at - REQUEST_LIFETIME
    ).first()


@transaction.atomic
def resend_code(request: SignupRequest, *, at: datetime) -> None:
    """Send another code, after a pause and only a few times."""
    request = SignupRequest.objects.select_for_update().get(pk=request.pk)
    next_at = request.next_code_at()
    if next_at is None:
        raise NoMoreCodes
    if at < next_at:
        raise TooSoon
    send_code.enqueue(request_id=request.pk)


def prove_email(request: SignupRequest, code: str, *, at: datetime) -> SignupRequest:
    """Accept the code, or use up one of its three tries."""
    with transaction.atomic():
        request = SignupRequest.objects.select_for_update().get(pk=request.pk)
        if request.state != State.PROVING:
            return request
        if request.accepts_code(code, at=at):
            request.state, request.code_hash = State.DESCRIBING, ""
            request.save(update_fields=["state", "code_hash"])
            return request
        request.tries_left = max(request.tries_left - 1, 0)
        request.save(update_fields=["tries_left"])
    # Raised after the block, so that the lost try is kept.
    raise WrongCode if request.tries_left else CodeUsedUp


@transaction.atomic
def request_workspace(request: SignupRequest, company: Company, *, at: datetime) -> SignupRequest:
    """Queue the making of the workspace. ValidationError tells what is wrong with the address."""
    request = SignupRequest.objects.select_for_update().get(pk=request.pk)
    if request.state not in (State.DESCRIBING, State.FAILED):
        return request
    request.slug = normalise(company.slug)
    refuse_unsuitable(request.slug)
    refuse_taken(request.slug, at=at)
    request.company = company.name
    request.language = company.language
    request.country = company.country
    request.time_zone = company.time_zone
    request.password_hash = make_password(company.password)
    request.terms_version, request.privacy_version = TERMS_VERSION, PRIVACY_VERSION
    request.agreed_at = at
    request.state = State.OPENING
    request.full_clean()
    request.save()
    open_requested_workspace.enqueue(request_id=request.pk)
    return request


@transaction.atomic
def hand_over(request: SignupRequest, *, at: datetime) -> tuple[str, str]:
    """Return the workspace's address and a token that logs its first admin in, once, for a minute."""
    request = SignupRequest.objects.select_for_update().get(pk=request.pk, state=State.OPEN)
    assert request.tenant  # noqa: S101  an open request has one
    workspace = request.tenant.as_workspace()
    with bind_workspace(workspace):
        owner = User.objects.get(email__iexact=request.email)
        token = issue_login_token(owner, at=at)
    request.delete()
    return workspace.url, token
