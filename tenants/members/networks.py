"""From which addresses members may come."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.utils.translation import gettext_lazy as _

from core.errors import OperationError
from tenants.members.models import LoginPolicy, User

# Where people who are not logged in yet come in, by the beginnings of the addresses' names.
DOORS = ("account_", "mfa_", "members:", "sso:")
# Fetched by a provider's own servers; it says nothing that is not meant for them.
OPEN = ("sso:metadata",)


class OutsideNetworks(OperationError):
    code = "outside_networks"
    message = _("This workspace can be reached from certain networks only. This is none of them.")
    status = 403


def client_address(request: Any) -> str:
    """Return the address a request came from, past as many proxies as we trust."""
    address: str = get_adapter().get_client_ip(request)
    return address


def is_outside(member: User, request: Any) -> bool:
    """Return whether the workspace's policy shuts this address out."""
    policy = member.policy
    return bool(policy and policy.networks) and not policy.lets_in(client_address(request))  # type: ignore[union-attr]


def is_shut_out(place: str, request: Any) -> bool:
    """Return whether a stranger may not even try to come in from here, whoever they say they are."""
    if place in OPEN or not place.startswith(DOORS):
        return False
    return not LoginPolicy.objects.current().lets_in(client_address(request))


def refuse_outside(member: User, request: Any) -> None:
    """Refuse to go on when the member comes from an address the workspace does not allow."""
    if is_outside(member, request):
        raise OutsideNetworks
