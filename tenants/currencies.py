"""The money of a country, as a workspace's default."""

from babel.numbers import get_territory_currencies


def currency_of(country: str) -> str:
    """Return the ISO code of a country's currency; US dollars where none is known."""
    current = get_territory_currencies(country)
    return str(current[0]) if current else "USD"
