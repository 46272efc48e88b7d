"""Words that must not be committed: traces of one machine, loose ends, what slows or hides."""

import re

import pytest

from tests.architecture.reading import files, product_code, text_of

WRITTEN = tuple(
    name
    for name in files(".py", ".html", ".css", ".js", ".md", ".toml", ".yaml", ".yml", ".sh", ".txt", ".po", "Makefile", "Containerfile")
    if name != "tests/architecture/test_words.py" and not name.endswith("package-lock.json")
)  # fmt: skip
NOWHERE = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|home/\w+|Users|root)/"),
    "a loose end": re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b"),
}
NOT_IN_CODE = {
    "every field of a model, whatever it will hold": re.compile(r"fields\s*=\s*[\"']__all__[\"']"),
    "a signal": re.compile(r"@receiver\b|\.signals\b|\b(?:pre|post)_\w+\.connect"),
    "a default order, which every query would pay for": re.compile(
        r"^\s+ordering\s*=\s*[\[(]", re.MULTILINE
    ),
}
VAGUE = {"utils", "helpers", "common", "misc", "managers"}


@pytest.mark.parametrize("what", NOWHERE)
def test_no_file_has(what):
    assert [name for name in WRITTEN if NOWHERE[what].search(text_of(name))] == []


@pytest.mark.parametrize("what", NOT_IN_CODE)
def test_no_code_has(what):
    assert [name for name in product_code() if NOT_IN_CODE[what].search(text_of(name))] == []


def test_no_module_has_a_name_that_says_nothing():
    names = {part.removesuffix(".py") for name in product_code() for part in name.split("/")}

    assert names & VAGUE == set()


def test_every_module_opens_by_saying_what_belongs_in_it():
    silent = [
        name
        for name in product_code()
        if text_of(name).strip()
        and not text_of(name).lstrip().startswith('"""')
        and not name.endswith(("apps.py", "__init__.py"))
    ]

    assert silent == []
