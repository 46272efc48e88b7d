"""Who may make and revoke API keys."""

from django.utils.translation import gettext_lazy as _

from api.keys.models import ApiKey
from core.access import rule
from core.actors import Actor
from core.permissions import EVERYBODY, declare

USE = declare("keys.add_key", _("Make API keys"), roles=EVERYBODY)
REVOKE = declare("keys.revoke_key", _("Revoke own API keys"), roles=EVERYBODY)
MANAGE = declare("keys.manage_keys", _("See and revoke everybody’s API keys"))


@rule(REVOKE)
def made_it_or_manages(actor: Actor, key: ApiKey) -> bool:
    return MANAGE in actor.permissions or key.user_id == actor.user_id
