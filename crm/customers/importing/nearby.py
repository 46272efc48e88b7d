"""What cells of customers may mean when they cannot be read: places, people, stages, companies, addresses."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import override
from django_countries import countries

from core.actors import Actor
from core.records.importing import Near
from crm.customers.addresses import country_name
from crm.customers.importing.lookups import names_of
from crm.customers.importing.values import SPOKEN
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import LifecycleStage
from crm.customers.search import confirm_near_companies, confirm_near_companies_by_name
from crm.customers.search import near_companies as companies_like
from crm.transfer.lists import split_list
from tenants.members.models import User

CLOSE = 0.7
MOST = 2
LOOKED_AT = 20
PROVIDERS = ("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "qq.com", "163.com")
_AT = ("＠", "(at)", "[at]", " at ")


def near_countries(text: str, actor: Actor) -> list[str]:
    """Return countries whose names look like this, as the reader calls them."""
    return [country_name(code) for code in _countries_like(text.strip().casefold())]


@lru_cache(maxsize=1024)
def _countries_like(text: str) -> list[str]:
    known: dict[str, str] = {}
    for language in SPOKEN:
        with override(language):
            known |= {str(name).casefold(): code for code, name in countries}
    return [known[name] for name in get_close_matches(text, known, MOST, CLOSE)]


def near_members(text: str, actor: Actor) -> list[str]:
    """Return the log-in addresses of members whose address or name looks like this."""
    known: dict[str, str] = {}
    for member in User.objects.filter(is_active=True).order_by("pk"):
        known |= {member.email.casefold(): member.email, member.name.casefold(): member.email}
    return _close(text, known)


def near_stages(text: str, actor: Actor) -> list[str]:
    """Return stages whose names in either language look like this, as the reader calls them."""
    stages = LifecycleStage.objects.order_by("position", "pk")
    return _close(text, {name: stage.name for stage in stages for name in names_of(stage)})


def near_channels(text: str, actor: Actor) -> list[str]:
    names = [str(label) for _key, label in Contact.Channel.choices]
    return _close(text, {name.casefold(): name for name in names})


def near_company_names(text: str, actor: Actor) -> list[str]:
    """Return the companies the actor sees whose names are nearly this one."""
    rows = companies_like(Company.objects.visible_to(actor), text).order_by("name_key", "pk")
    is_whole = actor.fields.shows("company", "website")
    confirm = confirm_near_companies if is_whole else confirm_near_companies_by_name
    found = confirm(list(rows.only("name", "domain")[:LOOKED_AT]), text)
    return [company.name for company in found[:MOST]]


def near_emails(text: str, actor: Actor) -> list[str]:
    """Return the addresses with the wrong ones mended, where it is plain how."""
    parts = [_mended(part.strip(), actor) for part in split_list(text)]
    return ["; ".join(parts)] if all(parts) else []


def _mended(address: str, actor: Actor) -> str:
    if _is_email(address):
        return address
    for sign in _AT:
        address = address.replace(sign, "@")
    name, at, domain = (
        address.removeprefix("mailto:").strip("<>,.; ").replace(" ", "").partition("@")
    )
    domain = domain.replace(",", ".").replace("..", ".").strip(".")
    whole = f"{name}@{domain}"
    if not at or _is_email(whole):
        return whole if at else ""
    return next((f"{name}@{each}" for each in _domains_like(domain, actor)), "")


def _domains_like(domain: str, actor: Actor) -> Iterable[str]:
    """Yield the domains of known companies, then of providers, that this one is the beginning of."""
    if not domain:
        return
    if actor.fields.shows("company", "website"):
        rows = Company.objects.visible_to(actor).filter(domain__startswith=f"{domain.casefold()}.")
        yield from rows.order_by("domain").values_list("domain", flat=True)[:1]
    yield from (each for each in PROVIDERS if each.startswith(f"{domain.casefold()}."))


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _close(text: str, known: dict[str, str]) -> list[str]:
    names: Sequence[str] = get_close_matches(text.strip().casefold(), known, MOST, CLOSE)
    return [known[name] for name in names]


NEAR: dict[str, Near] = {
    "country": near_countries,
    "owner": near_members,
    "lifecycle_stage": near_stages,
    "preferred_channel": near_channels,
    "company": near_company_names,
    "parent": near_company_names,
    "email": near_emails,
}
