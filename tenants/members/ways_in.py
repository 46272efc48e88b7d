"""Other ways in than a password: parts of the product that have some offer them when they load."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.errors import OperationError


class PasswordsClosed(OperationError):
    code = "passwords_closed"
    message = _("This workspace signs in through its own provider, not by password or code.")
    status = 403


@dataclass(frozen=True, slots=True)
class WaysIn:
    """What the log-in page offers beside the password, and whether the password still counts."""

    links: tuple[tuple[str, str], ...] = ()
    are_only_ones: bool = False


type Offer = Callable[[], WaysIn]
_offers: list[Offer] = []


def offer_ways_in(offer: Offer) -> Offer:
    """Have the function say which ways into the bound workspace there are; links are names and addresses."""
    _offers[:] = [offer]
    return offer


def ways_in() -> WaysIn:
    """Return the ways into the bound workspace beside the password."""
    return _offers[0]() if _offers else WaysIn()


def refuse_passwords() -> None:
    """Refuse to go on where passwords are no way in, as when somebody joins with one."""
    if ways_in().are_only_ones:
        raise PasswordsClosed
