"""Postal addresses, written in the order of their country."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from django.utils.translation import get_language, override
from django_countries import countries

# Largest part first, as an envelope there is written.
LARGEST_FIRST = frozenset({"CN", "HK", "MO", "TW", "JP", "KR"})
POSTCODE_FIRST = frozenset(
    "AT BE CH CZ DE DK EE ES FI FR GR HR HU IS IT LT LU LV NL NO PL PT RO RS SE SI SK TR".split()
)
POSTCODE_LAST_LINE = frozenset({"GB", "IE"})
PARTS = ("street", "district", "city", "province", "postcode", "country")
ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """The parts of an address; any of them may be empty."""

    street: str = ""
    district: str = ""
    city: str = ""
    province: str = ""
    postcode: str = ""
    country: str = ""

    def lines(self) -> list[str]:
        """Return the lines of the address in its country's order, the country last."""
        if self.country in LARGEST_FIRST:
            return self._largest_first()
        return [*_filled(self.street, self.district, *self._place()), *_filled(self.country_name())]

    def _largest_first(self) -> list[str]:
        # 北京市 is a province and a city at once; it is written once.
        city = "" if self.city == self.province else self.city
        place = [f"{self.province}{city}{self.district}", self.street, self.postcode]
        return [*_filled(self.country_name()), *_filled(*place)]

    def _place(self) -> tuple[str, ...]:
        if self.country in POSTCODE_FIRST:
            return (_joined(self.postcode, self.city), self.province)
        if self.country in POSTCODE_LAST_LINE:
            return (self.city, self.province, self.postcode)
        area = _joined(self.province, self.postcode)
        return (", ".join(_filled(self.city, area)),)

    def country_name(self) -> str:
        return country_name(self.country)


def _filled(*parts: str) -> list[str]:
    return [part for part in parts if part]


def _joined(*parts: str) -> str:
    return " ".join(_filled(*parts))


def country_name(code: str) -> str:
    """Return a country's name in the reader's language."""
    return _country_in(code, get_language()) if code else ""


@lru_cache(maxsize=1024)
def _country_in(code: str, _language: str | None) -> str:
    return str(countries.name(code))


@cache
def _names(language: str) -> dict[str, str]:
    with override(language):
        return {str(name).casefold(): code for code, name in countries}


def is_country_code(text: str) -> bool:
    """Return whether a country has this code."""
    return text in _codes()


@cache
def _codes() -> frozenset[str]:
    # The library puts its list together for each language, and imports ask for every row.
    return frozenset(countries.countries)


def find_country(text: str) -> str:
    """Return the code of the country people mean, by code or name in either language; else nothing."""
    word = " ".join(text.split())
    if not word:
        return ""
    if is_country_code(word.upper()):
        return word.upper()
    return _country_called(word.casefold(), get_language() or "en")


@lru_cache(maxsize=4096)
def _country_called(word: str, language: str) -> str:
    known = _names("en") | _names("zh-hans") | _names(language) | ALSO_CALLED
    if word in known:
        return known[word]
    close = get_close_matches(word, known, n=1, cutoff=ALIKE)
    return known[close[0]] if close else ""


ALSO_CALLED = {
    "united states": "US",
    "usa": "US",
    "united kingdom": "GB",
    "uk": "GB",
    "great britain": "GB",
    "korea": "KR",
    "south korea": "KR",
    "russia": "RU",
    "中国": "CN",
    "香港": "HK",
    "台湾": "TW",
}
