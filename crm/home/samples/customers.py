"""Made-up companies and people: the same ones every time, believable enough to judge the product by."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import batched
from random import Random
from typing import Any

import phonenumbers
from django.db import transaction
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from pypinyin import lazy_pinyin

from core.actors import Actor
from core.records.writing import Batch
from crm.customers.industries import Industry
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.companies import create_companies
from crm.customers.operations.contacts import create_contacts
from crm.customers.sources import Source
from crm.home.samples.words import Words, words_of
from tenants.members.models import Role, User

BATCH = 500
SAMPLE = "sample"
CONTACTS_PER_COMPANY = (1, 2, 2, 3, 4)
type Tell = Callable[[Iterable[Any]], None]


def tell_nobody(records: Iterable[Any]) -> None:
    """Let nobody know of the records that were added."""


def fill_with_customers(
    *,
    companies: int,
    owners: Sequence[User],
    language: str,
    seed: int = 1,
    mark: Tag | None = None,
    tell: Tell = tell_nobody,
) -> None:
    """Add this many companies with their people to the bound workspace, in batches.

    All of them get the mark, if there is one; `tell` is called with the records of each batch.
    """
    invent = Inventor(words_of(language), owners, Random(seed), mark)  # noqa: S311  nothing secret
    actor = owners[0].as_actor()
    for numbers in batched(range(companies), BATCH):
        _add_batch(invent, numbers, actor, tell)


def owners_of_customers() -> list[User]:
    """Return the members of the bound workspace who may own records, with their roles."""
    members = User.objects.exclude(role__key=Role.Key.VIEWER).select_related("role")
    return list(members.order_by("joined_at", "pk"))


@transaction.atomic
def _add_batch(invent: "Inventor", numbers: Sequence[int], actor: Actor, tell: Tell) -> None:
    invent.read_labels()
    rows = {number: invent.company(number) for number in numbers}
    made = _expect_all(create_companies(rows, actor=actor))
    people = {
        (number, position): person
        for number, company in made.records.items()
        for position, person in enumerate(invent.people(number, company))
    }
    tell(made.records.values())
    for batch in batched(people.items(), BATCH):
        tell(_expect_all(create_contacts(dict(batch), actor=actor)).records.values())


def _expect_all(batch: Batch[Any]) -> Batch[Any]:
    """Return the batch; nothing that is invented here may be refused."""
    if batch.refusals:
        raise ValueError(f"An invented row was refused: {next(iter(batch.refusals.values()))}")
    return batch


class Inventor:
    """Makes rows for the customers' operations; the same random numbers give the same customers."""

    def __init__(
        self, words: Words, owners: Sequence[User], random: Random, mark: Tag | None = None
    ) -> None:
        self.words, self.owners, self.random = words, owners, random
        self.marks = [mark] if mark else []
        self.stages: list[Any] = []
        self.tags: list[Any] = []

    def read_labels(self) -> None:
        """Read the stages and tags of the workspace."""
        self.stages = list(LifecycleStage.objects.order_by("position"))
        self.tags = list(Tag.objects.exclude(key=SAMPLE).order_by("position", "pk"))

    def company(self, number: int) -> dict[str, Any]:
        """Return a company; the number keeps its name unlike all others."""
        words, random = self.words, self.random
        country, province, city = random.choice(words.places)
        name = self.company_name(number)
        return {
            "name": name,
            "website": f"https://{self.label(number)}.{words.mail}",
            "industry": random.choice(Industry.values),
            "employees": int(10 ** random.uniform(0.7, 4.2)),
            "revenue": round(10 ** random.uniform(5, 9), -3),
            "founded_year": random.randint(1950, 2024),
            "phone": self.number(country, PhoneNumberType.FIXED_LINE),
            "street": f"{random.randint(1, 240)} {random.choice(words.streets)}"
            if words.language == "en"
            else f"{random.choice(words.streets)}{random.randint(1, 999)}号",
            "city": city,
            "province": province,
            "country": country,
            "source": random.choice(Source.values),
            "owner": random.choice(self.owners),
            "lifecycle_stage": random.choice(self.stages),
            "tags": [*self.marks, *random.sample(self.tags, random.choice((0, 0, 0, 1, 2)))],
        }

    def company_name(self, number: int) -> str:
        words = self.words
        root = words.roots[number % len(words.roots)]
        trade = words.trades[number // len(words.roots) % len(words.trades)]
        form = words.forms[(number * 7) % len(words.forms)]
        again = number // (len(words.roots) * len(words.trades))
        if words.language == "en":
            return f"{root} {trade} {form}" + (f" {again + 1}" if again else "")
        place = self.random.choice(words.places)[2].removesuffix("市")
        return f"{place}{root}{trade}{form}" + (f"（{again + 1}）" if again else "")

    def label(self, number: int) -> str:
        root = "".join(lazy_pinyin(self.words.roots[number % len(self.words.roots)]))
        return f"{root.lower()}{number}"

    def people(self, number: Any, company: Any) -> Iterator[dict[str, Any]]:
        """Yield the people of a company."""
        words, random = self.words, self.random
        country = company.country
        for position in range(random.choice(CONTACTS_PER_COMPANY)):
            given, family = random.choice(words.given), random.choice(words.family)
            title = random.choice(words.titles)
            local = (
                ".".join(lazy_pinyin(f"{family}{given}"))
                if words.language == "zh"
                else f"{given}.{family}"
            )
            mail = f"{plain(local)}{position or ''}@{self.label(number)}.{words.mail}"
            yield {
                "given_name": given,
                "family_name": family,
                "title": title,
                "language": words.language,
                "emails": [{"email": mail, "label": "work", "primary": True}],
                "phones": [
                    {
                        "number": self.number(country, PhoneNumberType.MOBILE),
                        "label": "mobile",
                        "primary": True,
                    }
                ],
                "companies": [{"company": company, "title": title, "primary": True}],
                "source": random.choice(Source.values),
                "owner": random.choice(self.owners),
                "lifecycle_stage": random.choice(self.stages),
                "tags": [*self.marks, *random.sample(self.tags, random.choice((0, 0, 0, 1, 2)))],
            }

    def number(self, country: str, kind: int) -> str:
        """Return a number that could exist, near the one a country's plan gives as an example."""
        example: Any = phonenumbers.example_number_for_type(country, kind)
        invented = deepcopy(example)
        invented.national_number += self.random.randint(1, 7999)
        number = invented if phonenumbers.is_valid_number(invented) else example
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def plain(local: str) -> str:
    """Return the part before the @ in the letters that every mail system takes."""
    folded = local.lower().translate(str.maketrans("øößóüé’", "oosoue-", ""))
    return "".join(
        letter for letter in folded if letter.isascii() and (letter.isalnum() or letter in ".-")
    )
