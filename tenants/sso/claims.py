"""What a provider said of whoever signed in, read as the connection's admin wants it read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from tenants.members.name_system import domain_name
from tenants.sso.models import Connection

SOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
MICROSOFT = "http://schemas.microsoft.com/ws/2008/06/identity/claims/"
# Under which names providers commonly tell what we ask for, the likeliest first.
EMAIL = ("email", "mail", f"{SOAP}emailaddress", "urn:oid:0.9.2342.19200300.100.1.3", "Email")
GIVEN_NAME = ("given_name", "givenName", "firstName", f"{SOAP}givenname", "urn:oid:2.5.4.42")
FAMILY_NAME = ("family_name", "sn", "lastName", f"{SOAP}surname", "urn:oid:2.5.4.4")
GROUPS = ("groups", "roles", f"{MICROSOFT}groups", "memberOf")
MOST_GROUPS, LONGEST = 1_000, 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who signed in at the provider; `said` is everything it told."""

    subject: str
    email: str = ""
    is_confirmed: bool = False
    given_name: str = ""
    family_name: str = ""
    groups: tuple[str, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)


def arrival_of(connection: Connection, subject: str, said: Mapping[str, Any]) -> Arrival:
    """Return what these claims mean for this connection."""
    email = _email(_found(said, connection.email_claim, EMAIL))
    if not email and not connection.is_oidc:
        # Many providers name people by their address.
        email = _email([subject])
    return Arrival(
        subject=subject,
        email=email,
        is_confirmed=bool(email) and _is_confirmed(connection, email, said),
        given_name=_text(_found(said, connection.given_name_claim, GIVEN_NAME))[:80],
        family_name=_text(_found(said, connection.family_name_claim, FAMILY_NAME))[:80],
        groups=tuple(_found(said, connection.groups_claim, GROUPS)[:MOST_GROUPS]),
        said=said,
    )


def domain_of(email: str) -> str:
    """Return the domain of an address as it is stored, or nothing for what is none."""
    try:
        return domain_name(email.rpartition("@")[2])
    except ValidationError:
        return ""


def _is_confirmed(connection: Connection, email: str, said: Mapping[str, Any]) -> bool:
    """Return whether the address is the person's own: the provider or the admin answers for it."""
    if domain_of(email) in connection.trusted_domains:
        return True
    is_usual = connection.is_oidc and connection.email_claim in ("", "email")
    return is_usual and str(said.get("email_verified", "")).lower() == "true"


def _found(said: Mapping[str, Any], chosen: str, usual: Iterable[str]) -> list[str]:
    for name in [chosen] if chosen else usual:
        values = _texts(_at(said, name))
        if values:
            return values
    return []


def _at(said: Mapping[str, Any], name: str) -> Any:
    """Return the claim of this name; `realm_access.roles` lies inside another."""
    if name in said:
        return said[name]
    outer, dot, inner = name.partition(".")
    within = said.get(outer) if dot else None
    return _at(within, inner) if isinstance(within, Mapping) else None


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    plain = [each for each in values if isinstance(each, str | int) and not isinstance(each, bool)]
    return [str(each).strip()[:LONGEST] for each in plain if str(each).strip()]


def _text(values: list[str]) -> str:
    return values[0].replace("\x00", "") if values else ""


def _email(values: list[str]) -> str:
    email = _text(values)
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email if len(email) <= 254 else ""
