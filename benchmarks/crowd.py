"""A crowd of made-up people, as many as are wanted, the same ones every time."""

import csv
from collections.abc import Iterator
from pathlib import Path

COLUMNS = ("Given name", "Family name", "Job title", "E-mail", "Phone", "Company")
GIVEN = ("Ada", "Bruno", "Chiara", "Dmitri", "Elena", "Farah", "Goran", "Hana", "Ivan", "Jonas", "Katarzyna",
         "Lars", "Mei", "Noor", "Olga", "Pedro", "Qing", "Rosa", "Samir", "Tomasz")  # fmt: skip
BEGIN = ("Ab", "Bel", "Cor", "Dal", "Es", "Fer", "Gal", "Hal", "Ing", "Jan", "Kor", "Lin", "Mar", "Nor", "Ost",
         "Pal", "Quin", "Ras", "Sand", "Tor", "Ul", "Val", "Wes", "Yar", "Zim")  # fmt: skip
MIDDLE = ("ber", "ding", "er", "fort", "gren", "hol", "in", "kov", "land", "man")
END = ("son", "ski", "berg", "ley", "mann", "ova", "stad", "worth", "i", "sen")
TITLES = ("Managing director", "Buyer", "Head of procurement", "Engineer", "Office manager")


def people(first: int, last: int) -> Iterator[dict[str, str]]:
    """Yield the people with these numbers."""
    for number in range(first, last):
        family = BEGIN[number % 25] + MIDDLE[number // 25 % 10] + END[number // 250 % 10]
        given = GIVEN[number * 7 % 20]
        yield {
            "Given name": given,
            "Family name": family,
            "Job title": TITLES[number % 5],
            "E-mail": f"{given}.{family}.{number}@example.com".lower(),
            "Phone": f"+4420{70_000_000 + number:08}",
            "Company": f"Company {number % 20_000:05}",
        }


def write_file(path: Path, *, count: int) -> None:
    """Write the first people of the crowd as a file to import."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(people(0, count))
