"""Who may make and revoke API keys."""

from django.utils.translation import gettext_lazy as _

from api.keys.models import ApiKey
from core.access import rule
from core.actors import Actor
from core.permissions import EVERYBODY, declare
from tenants.members.permissions import MANAGE_SERVICE_ACCOUNTS

ADD_KEY = declare("keys.add_key", _("Make API keys"), roles=EVERYBODY)
REVOKE_KEY = declare("keys.revoke_key", _("Revoke own API keys"), roles=EVERYBODY)
MANAGE_KEYS = declare("keys.manage_keys", _("See and revoke everybody’s API keys"))


@rule(REVOKE_KEY)
def holds_it_or_manages(actor: Actor, key: ApiKey) -> bool:
    is_own = actor.user_id is not None and key.user_id == actor.user_id
    return is_own or MANAGE_KEYS in actor.permissions or manages_its_account(actor, key)


@rule(ADD_KEY)
def may_have_another(actor: Actor, key: ApiKey) -> bool:
    """Renewing a key hands out its secret, and changing one may let it work from elsewhere: only its
    holder does, or who manages the account it is of."""
    is_own = actor.user_id is not None and key.user_id == actor.user_id
    return is_own or manages_its_account(actor, key)


def manages_its_account(actor: Actor, key: ApiKey) -> bool:
    """Return whether the key is a service account's, and the actor the one who manages those."""
    return MANAGE_SERVICE_ACCOUNTS in actor.permissions and key.user.is_service
