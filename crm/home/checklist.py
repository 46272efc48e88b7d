"""The first steps in a new workspace; the list goes away when they are done."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.access import can
from core.actors import Actor
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.transfer.permissions import may_import
from tenants.members.models import Invitation, User
from tenants.members.permissions import MANAGE_MEMBERS


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, with the page where it is done."""

    title: Promise
    text: Promise
    action: Promise
    icon: str
    url: str
    is_done: bool
    is_post: bool = False


def checklist(actor: Actor) -> list[Step]:
    """Return the steps this person can take, done ones too; none once there is nothing left to do."""
    has_customers = (
        Company.objects.visible_to(actor).exists() or Contact.objects.visible_to(actor).exists()
    )
    steps = []
    if may_import(actor):
        steps.append(_import_step(is_done=has_customers))
        steps.append(_sample_step(is_done=has_customers))
    if can(actor, MANAGE_MEMBERS):
        has_colleagues = User.objects.count() > 1 or Invitation.objects.exists()
        steps.append(_invite_step(is_done=has_colleagues))
    return [] if all(step.is_done for step in steps) else steps


def _import_step(*, is_done: bool) -> Step:
    return Step(
        title=_("Import your customers"),
        text=_("Bring the file you have. Nothing is written before you have seen what would be."),
        action=_("Import"),
        icon="upload",
        url=reverse("transfer:start"),
        is_done=is_done,
    )


def _sample_step(*, is_done: bool) -> Step:
    return Step(
        title=_("Or look around with sample data"),
        text=_("Made-up companies and people, tagged as samples, gone in one click."),
        action=_("Add sample data"),
        icon="sparkles",
        url=reverse("samples-add"),
        is_done=is_done,
        is_post=True,
    )


def _invite_step(*, is_done: bool) -> Step:
    return Step(
        title=_("Invite your colleagues"),
        text=_("They get a link by mail and choose a password of their own."),
        action=_("Invite"),
        icon="user-plus",
        url=reverse("members:members"),
        is_done=is_done,
    )
