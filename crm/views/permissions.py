"""Who may do what to saved views."""

from django.utils.translation import gettext_lazy as _

from core.access import rule
from core.actors import Actor
from core.permissions import EVERYBODY, WORKERS, declare
from crm.views.models import SavedView

ADD_VIEW = declare("views.add_view", _("Save views of their own"), roles=EVERYBODY)
CHANGE_VIEW = declare("views.change_view", _("Change views"), roles=EVERYBODY)
DELETE_VIEW = declare("views.delete_view", _("Delete views"), roles=EVERYBODY)
SHARE_VIEW = declare("views.share_view", _("Share views"), roles=WORKERS)
SET_DEFAULT = declare("views.set_default_view", _("Choose the view lists open with"))


@rule(CHANGE_VIEW, DELETE_VIEW)
def owns_it_or_looks_after_all(actor: Actor, view: SavedView) -> bool:
    """Private views are their owner's; shared ones also theirs who choose what lists open with."""
    is_own = actor.user_id is not None and view.owner_id == actor.user_id
    return is_own or (view.is_shared and SET_DEFAULT in actor.permissions)


@rule(SHARE_VIEW)
def owns_it(actor: Actor, view: SavedView) -> bool:
    """Return whether the view is theirs to share, or they look after all shared ones."""
    return owns_it_or_looks_after_all(actor, view)
