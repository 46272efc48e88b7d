"""An owner comes in by password although passwords are closed: everybody who answers for the workspace hears of it."""

from django.db import transaction

from core.actors import Actor
from core.events.bus import emit
from core.isolation.scope import current_workspace
from core.mail import send
from tenants.members.models import Role, User

TOLD = (Role.Key.OWNER, Role.Key.ADMIN)


@transaction.atomic
def note_broken_glass(user: User, *, actor: Actor) -> None:
    """Write down that an owner signed in by password, and mail all owners and admins."""
    emit("member.broke_glass", user, actor=actor)
    for member in User.objects.filter(is_active=True, role__key__in=TOLD).order_by("pk"):
        context = {"owner": user, "workspace": current_workspace()}
        send("broken_glass", to=member.email, language=member.language, context=context)
