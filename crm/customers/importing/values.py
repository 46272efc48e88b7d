"""Reading cells only customers have: countries, industries, languages, names, web addresses."""

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_countries import countries

from core.names import is_family_first
from core.records.importing import Cell, Reading
from crm.customers.addresses import ALSO_CALLED, country_name, find_country
from crm.customers.forms.fields import LABELS, LANGUAGES
from crm.customers.industries import find_industry, industry_label, is_known_industry
from crm.customers.models.contacts import Contact
from crm.customers.operations.company_values import read_website
from crm.customers.operations.plain_values import read_currency, read_source
from crm.transfer.lists import split_list, split_parallel
from crm.transfer.values import read_day, read_list, read_places

SPOKEN = ("en", "zh-hans")
PARTICLES = frozenset(
    "van von der den de da di del della dos la le bin ibn al el ter ten zu".split()
)
DOUBLE_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 司徒 夏侯 端木 南宫".split()
)


def read_country(cell: Cell) -> Reading:
    """Return the country's code; a name that is only nearly right is told as corrected."""
    code, is_exact = _country(" ".join(cell.text.split()))
    if not code:
        raise ValidationError(_("There is no country of this name."), code="invalid_country")
    return Reading(code, "" if is_exact else country_name(code))


@lru_cache(maxsize=4096)
def _country(text: str) -> tuple[str, bool]:
    code = find_country(text)
    names = {code.casefold()} if code else set()
    for language in SPOKEN:
        with override(language):
            names.add(str(countries.name(code)).casefold())
    return code, text.casefold() in names or ALSO_CALLED.get(text.casefold()) == code


def read_industry(cell: Cell) -> Reading:
    """Return the industry meant; a misspelt one is told as corrected, an unknown one is kept."""
    found, is_corrected = _industry(" ".join(cell.text.split()))
    return Reading(found, industry_label(found) if is_corrected else "")


@lru_cache(maxsize=4096)
def _industry(text: str) -> tuple[str, bool]:
    found = find_industry(text)
    # A synonym is no mistake; only a word close to one that is known is.
    return found, found != text and not is_known_industry(text)


def read_language(cell: Cell) -> Reading:
    """Return the code of a language, given as code or by name in either language."""
    code = _language(cell.text.strip().casefold().replace("_", "-"))
    if not code:
        raise ValidationError(_("This language is not known."), code="invalid_language")
    return Reading(code)


@lru_cache(maxsize=1024)
def _language(word: str) -> str:
    for code, label in LANGUAGES:
        if code and (word == code or word in _labels(label)):
            return code
    short = word.partition("-")[0]
    return short if short in dict(LANGUAGES) else ""


def _labels(label: object) -> set[str]:
    names = set()
    for language in SPOKEN:
        with override(language):
            names.add(str(label).casefold())
    return names


def read_label(cell: Cell) -> Reading:
    """Return what an address or number is used for; known labels are kept by their key."""
    word = cell.text.strip().removeprefix("* ")
    return Reading(_label_keys().get(word.casefold(), word))


@lru_cache(maxsize=1)
def _label_keys() -> dict[str, str]:
    return {word: key for key, label in LABELS if key for word in (*_labels(label), key.casefold())}


def read_labels(cell: Cell) -> Reading:
    """Return the labels of a list's values, each in its place."""
    return Reading([read_label(Cell(part)).value for part in read_places(cell).value])


def read_days(cell: Cell) -> Reading:
    """Return days that belong to a list's values; an empty place has none."""
    return Reading(
        [read_day(Cell(part)).value if part else None for part in read_places(cell).value]
    )


def read_addresses(cell: Cell) -> Reading:
    """Return postal addresses, each a list of its parts in the order an export writes them."""
    return Reading([split_parallel(part) for part in split_list(cell.text)])


def read_channel(cell: Cell) -> Reading:
    """Return the channel of this name in either language."""
    word = cell.text.strip().casefold()
    for key, label in Contact.Channel.choices:
        if word == key or word in _labels(label):
            return Reading(key)
    raise ValidationError(_("This channel is not known."), code="invalid_channel")


def read_tags(cell: Cell) -> Reading:
    """Return tags; what Google puts into every export is none."""
    parts = (part.removeprefix("* ") for part in read_list(cell).value)
    return Reading([part for part in parts if part != "myContacts"])


def read_web_address(cell: Cell) -> Reading:
    return Reading(read_website(cell.text))


def read_currency_code(cell: Cell) -> Reading:
    return Reading(read_currency(cell.text))


def read_source_word(cell: Cell) -> Reading:
    return Reading(read_source(cell.text))


def split_name(text: str) -> tuple[str, str]:
    """Return given and family name of a whole name: Anna van Dijk, Dijk, Anna and 欧阳娜娜."""
    words = text.split()
    if is_family_first(text) and len(words) == 1:
        length = 2 if text[:2] in DOUBLE_SURNAMES and len(text) > 2 else 1
        return text[length:], text[:length]
    if is_family_first(text):
        return "".join(words[1:]), words[0]
    family, comma, given = text.partition(",")
    if comma:
        return " ".join(given.split()), " ".join(family.split())
    if len(words) < 2:
        return " ".join(words), ""
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in PARTICLES:
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:])
