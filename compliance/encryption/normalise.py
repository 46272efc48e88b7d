"""Bringing a value into the one form its blind index is made from."""

import unicodedata
from collections.abc import Callable

import idna


def normalise_text(value: str) -> str:
    """Fold case, width and spacing, so that the same words give the same index."""
    if value.isascii():
        return " ".join(value.lower().split())  # the same, and most texts are
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def normalise_email(value: str) -> str:
    """Lower-case an address and write its domain the way the mail system does."""
    local, at, domain = unicodedata.normalize("NFKC", value).strip().lower().rpartition("@")
    return f"{local}@{_ascii_domain(domain)}" if at else domain


def normalise_phone(value: str) -> str:
    """Return an E.164 number as it is, without the spaces somebody may have left in it."""
    return "".join(unicodedata.normalize("NFKC", value).split())


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain  # nothing to translate, and imports ask for every row
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


NORMALISERS: dict[str, Callable[[str], str]] = {
    "text": normalise_text,
    "email": normalise_email,
    "phone": normalise_phone,
}
