"""Documents that point somewhere must point at something, and lists in them must be complete."""

import re

from tests.architecture.links import documents, problems
from tests.architecture.reading import product_code, text_of

COMMANDS = text_of("docs/reference/commands.md")


def test_every_relative_link_and_every_path_named_in_documents_exists():
    assert len(documents()) > 10
    assert list(problems()) == []


def test_the_architecture_names_the_areas_there_are_and_no_others():
    page = text_of("docs/architecture.md")
    areas = {
        name.split("/")[1] for name in product_code() if re.fullmatch(r"crm/\w+/__init__\.py", name)
    }
    [chain] = re.findall(r"^crm: ([^:]+)^an area:", page, re.MULTILINE)
    [row] = re.findall(r"^\| `crm/` \| (.+) \|", page, re.MULTILINE)

    assert set(re.findall(r"\w+", chain)) == areas
    assert {area for area in areas if area not in row} == set()
    for place in ("tenants/sso", "tenants/members", "api/keys", "api/scim"):
        assert f"`{place}/`" in page


def test_every_command_of_make_is_described():
    targets = set(re.findall(r"^([a-z-]+):.*## ", text_of("Makefile"), re.MULTILINE))

    assert set(re.findall(r"`make ([a-z-]+)", COMMANDS)) == targets - {"help"}


def test_every_command_of_ours_is_described():
    ours = {
        name.rpartition("/")[2].removesuffix(".py")
        for name in product_code()
        if "/management/commands/" in name and not name.endswith("__init__.py")
    }

    assert {name for name in ours if f"| `{name}" not in COMMANDS} == set()


def test_every_document_of_a_kind_is_reached_from_the_readme_or_its_neighbours():
    told = "\n".join(text_of(name) for name in documents())
    lone = [
        name
        for name in documents()
        if name.startswith(("docs/how-to/", "docs/reference/"))
        and f"{name.rpartition('/')[2]})" not in told
    ]

    assert lone == []
