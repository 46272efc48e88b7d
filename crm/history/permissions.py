"""Who may take back what others did."""

from django.utils.translation import gettext_lazy as _

from core.access import rule
from core.actors import Actor
from core.permissions import WORKERS, declare
from crm.history.models.change_sets import ChangeSet

UNDO = declare("history.undo", _("Take back what was done to many records"), roles=WORKERS)
UNDO_OTHERS = declare("history.undo_others", _("Take back what other members did"))
VIEW_OTHERS = declare(
    "history.view_others",
    _("See what other members did to many records"),
    roles=("manager", "viewer", "compliance"),
)


@rule(UNDO)
def did_it_or_may_undo_others(actor: Actor, the_set: ChangeSet) -> bool:
    if UNDO_OTHERS in actor.permissions:
        return True
    return actor.user_id is not None and the_set.owner_id == actor.user_id
