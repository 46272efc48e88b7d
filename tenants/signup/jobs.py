"""What happens behind the sign-up pages: the code's mail, the workspace's making."""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now

from core.isolation.scope import control_plane
from core.jobs import nightly, platform_job
from core.mail import send
from tenants.members.directory import workspaces_of
from tenants.members.operations.joining import Agreement
from tenants.provisioning.jobs import refill
from tenants.provisioning.operations import NewWorkspace, open_workspace
from tenants.signup.models import CODE_LIFETIME, REQUEST_LIFETIME, SignupRequest

log = logging.getLogger(__name__)
State = SignupRequest.State


@platform_job(reason="send a sign-up code")
def send_code(request_id: str) -> None:
    """Make the code here, so that it stands in no job's arguments, and mail it."""
    request = SignupRequest.objects.select_for_update().get(pk=request_id)
    code = request.issue_code(at=now())
    send(
        "signup_code",
        to=request.email,
        language=request.language,
        context={
            "code": f"{code[:4]}-{code[4:]}",
            "minutes": int(CODE_LIFETIME.total_seconds() // 60),
            "workspaces": [tenant.as_workspace() for tenant in workspaces_of(request.email)],
        },
    )


@nightly
@platform_job(reason="forget unfinished sign-ups")
def forget_old_requests() -> None:
    SignupRequest.objects.filter(created_at__lt=now() - REQUEST_LIFETIME).delete()


@platform_job(reason="open the workspace of a sign-up", atomic=False)
def open_requested_workspace(request_id: str) -> None:
    """Open the workspace; if that fails, nothing of it remains and the page says so."""
    with transaction.atomic():
        request = SignupRequest.objects.get(pk=request_id)
    if request.state != State.OPENING:
        return
    try:
        _open(request)
    except ValidationError:
        _note(request, State.FAILED)  # the address went to somebody else meanwhile
    except Exception:
        log.exception("A workspace could not be opened for sign-up %s.", request_id)
        _note(request, State.FAILED)


def _open(request: SignupRequest) -> None:
    wanted = NewWorkspace(
        slug=request.slug,
        name=request.company,
        email=request.email,
        language=request.language,
        time_zone=request.time_zone,
        country=request.country,
        agreement=_agreement(request),
    )
    with transaction.atomic():
        workspace = open_workspace(wanted, password_hash=request.password_hash)
        request.tenant_id = workspace.id
        _note(request, State.OPEN)
        refill.enqueue()


def _agreement(request: SignupRequest) -> Agreement:
    return Agreement(
        terms_version=request.terms_version,
        privacy_version=request.privacy_version,
        language=request.language,
        given_at=request.agreed_at or request.created_at,
    )


def _note(request: SignupRequest, state: str) -> None:
    with control_plane("note how a sign-up went"), transaction.atomic():
        request.state = state
        request.save(update_fields=["state", "tenant"])


def send_workspaces(email: str, *, language: str) -> None:
    """Mail an address the workspaces it can log in to, or that there are none. Control plane only."""
    workspaces = [tenant.as_workspace() for tenant in workspaces_of(email)]
    send("workspaces", to=email, language=language, context={"workspaces": workspaces})
