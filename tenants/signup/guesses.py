"""First answers to what a browser half tells: its country and that country's time zone."""

from babel.core import get_global
from django.http.request import HttpHeaders


def country_of(headers: HttpHeaders) -> str:
    """Return the region of the preferred language, such as GB for en-GB; a likely one for zh and en."""
    first = headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip()
    region = first.rpartition("-")[2].upper()
    if len(region) == 2 and "-" in first:
        return region
    return "CN" if first.lower().startswith("zh") else "US"


def time_zone_of(country: str) -> str:
    """Return a time zone of the country; the browser corrects it where there are several."""
    zones: list[str] = get_global("territory_zones").get(country, [])
    capital = {"US": "America/New_York", "CN": "Asia/Shanghai"}.get(country)
    return capital or (zones[0] if zones else "UTC")
