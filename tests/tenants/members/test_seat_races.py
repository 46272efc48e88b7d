"""Two who come for the last seat at the very same moment: one gets it."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connections, transaction
from django.utils.timezone import now

from billing.entitlements import answered_by
from core.isolation.scope import bind_workspace
from tenants.members.models import Invitation, Role, User
from tenants.members.operations.invitations import Outcome, invite_members
from tenants.members.operations.leaving import deactivate_member, reactivate_member
from tenants.members.pasted import Pasted
from tenants.members.seats import SeatsTaken, seats_used
from tests.conftest import make_member

pytestmark = pytest.mark.committing
# Long enough for somebody who does not wait to be through.
MEANWHILE = 0.5


@pytest.fixture
def workspace(open_new):
    return open_new("initech")


@pytest.fixture
def founder(workspace):
    with bind_workspace(workspace), transaction.atomic():
        return User.objects.select_related("role").get().as_actor()


def one_after_the_other(workspace, first, second):
    """Let the first act, and the second begin before the first has ended; return what each got."""
    acted, begun = Signal(), Signal()

    def hold():
        got = first()
        acted.set()
        begun.wait(10)
        # The first is not done yet: whoever counts seats now does not see theirs.
        time.sleep(MEANWHILE)
        return got

    def follow():
        acted.wait(10)
        begun.set()
        return second()

    def run(act):
        try:
            with bind_workspace(workspace), transaction.atomic():
                return act()
        except SeatsTaken as refusal:
            return refusal
        finally:
            connections.close_all()

    with answered_by(lambda name: 2), ThreadPoolExecutor(2) as people:
        return list(people.map(run, (hold, follow)))


def used(workspace):
    with bind_workspace(workspace), transaction.atomic():
        return seats_used()


def test_the_last_seat_is_invited_to_once(workspace, founder):
    def invite(name):
        role, email = Role.objects.get(key=Role.Key.VIEWER), f"{name}@initech.test"
        [invited] = invite_members([Pasted(email, email)], role=role, actor=founder, at=now())
        return invited.outcome

    outcomes = one_after_the_other(workspace, lambda: invite("ann"), lambda: invite("ben"))

    assert outcomes == [Outcome.INVITED, Outcome.NO_SEAT]
    assert used(workspace) == 2
    with bind_workspace(workspace), transaction.atomic():
        assert [each.email for each in Invitation.objects.open()] == ["ann@initech.test"]


def test_the_last_seat_is_come_back_to_once(workspace, founder):
    with bind_workspace(workspace), transaction.atomic():
        left = [make_member(f"{name}@initech.test", Role.Key.VIEWER) for name in ("ann", "ben")]
        for member in left:
            deactivate_member(member, successor=None, actor=founder)
    ann, ben = left

    back, refusal = one_after_the_other(
        workspace,
        lambda: reactivate_member(ann, actor=founder),
        lambda: reactivate_member(ben, actor=founder),
    )

    assert back.is_active
    assert isinstance(refusal, SeatsTaken)
    assert used(workspace) == 2
