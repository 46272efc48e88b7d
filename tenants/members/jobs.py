"""What follows what happened to members, and what happens at night."""

from django.utils.timezone import now

from core.events.bus import on
from core.events.models import Event
from core.jobs import nightly, nightly_everywhere, platform_job, workspace_job
from tenants.members.models import Invitation, JoinRequest
from tenants.members.operations.asking import answer_join_request, forget_join_requests
from tenants.members.operations.domains import recheck_domains
from tenants.members.operations.invitations import forget_old_invitations, mail_invitation
from tenants.members.operations.sessions import forget_ended_sessions
from tenants.tries import forget_failures


@on("invitation.created", "invitation.renewed")
def mail_invited(event: Event) -> None:
    """Mail the link of an invitation; the address stands in the invitation alone."""
    invitation = Invitation.objects.get(pk=event.subject_id)
    mail_invitation(invitation, inviter=event.actor_label, at=now())


@on("join.asked")
def answer_who_asks(event: Event) -> None:
    """Mail whoever asked to join; a later request of theirs takes the place of this one."""
    if request := JoinRequest.objects.filter(pk=event.subject_id).first():
        answer_join_request(request, at=now())


@nightly_everywhere
@workspace_job()
def check_domains() -> None:
    """See whether proven domains are still the company's."""
    recheck_domains(at=now())


@nightly_everywhere
@workspace_job()
def forget_ways_in() -> None:
    """Delete the ways in that lead nowhere any more."""
    forget_join_requests(at=now())
    forget_old_invitations(at=now())


@nightly_everywhere
@workspace_job()
def forget_sessions() -> None:
    """Delete the sessions that are over."""
    forget_ended_sessions(at=now())


@nightly
@platform_job(reason="forget failed log-ins")
def forget_failed_tries() -> None:
    """Delete what addresses failed at days ago."""
    forget_failures(at=now())
