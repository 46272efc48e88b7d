"""The table of the ASVS says what is so: every requirement once, every proof there, every count right."""

import ast
import re
import tomllib
from collections import Counter

import pytest

from tests.architecture.reading import BASE, text_of

# How many requirements of levels 1 and 2 each section of version 5.0.0 has, as "section: level 1, level 2".
SECTIONS = {
    "1.1": (0, 2), "1.2": (5, 4), "1.3": (2, 9), "1.4": (0, 3), "1.5": (1, 1),
    "2.1": (1, 2), "2.2": (2, 1), "2.3": (1, 3), "2.4": (0, 1),
    "3.2": (2, 0), "3.3": (1, 3), "3.4": (2, 4), "3.5": (3, 2), "3.7": (0, 2),
    "4.1": (1, 2), "4.2": (0, 1), "4.3": (0, 2), "4.4": (1, 3),
    "5.1": (0, 1), "5.2": (2, 1), "5.3": (2, 0), "5.4": (0, 3),
    "6.1": (1, 2), "6.2": (8, 4), "6.3": (2, 2), "6.4": (2, 2), "6.5": (0, 5), "6.6": (0, 3), "6.8": (0, 4),
    "7.1": (0, 3), "7.2": (4, 0), "7.3": (0, 2), "7.4": (2, 3), "7.5": (0, 2), "7.6": (0, 2),
    "8.1": (1, 1), "8.2": (2, 1), "8.3": (1, 0), "8.4": (0, 1), "9.1": (3, 0), "9.2": (1, 3),
    "10.1": (0, 2), "10.2": (0, 2), "10.3": (0, 4), "10.4": (5, 6), "10.5": (0, 5), "10.6": (0, 2), "10.7": (0, 3),
    "11.1": (0, 2), "11.2": (0, 3), "11.3": (2, 1), "11.4": (1, 3), "11.5": (0, 1), "11.6": (0, 1),
    "12.1": (1, 2), "12.2": (2, 0), "12.3": (0, 4),
    "13.1": (0, 1), "13.2": (0, 5), "13.3": (0, 2), "13.4": (1, 4),
    "14.1": (0, 2), "14.2": (1, 3), "14.3": (1, 2), "15.1": (1, 2), "15.2": (1, 2), "15.3": (1, 6),
    "16.1": (0, 1), "16.2": (0, 5), "16.3": (0, 4), "16.4": (0, 3), "16.5": (0, 3),
    "17.1": (0, 1), "17.2": (0, 4), "17.3": (0, 2),
}  # fmt: skip
PAGE = text_of("docs/reference/asvs.md")
ROWS = re.findall(
    r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| (\S+) \| ([^|]+) \|$", PAGE, re.MULTILINE
)
STATES = {"pass", "n/a", "open"}
# What is open today, so that nothing is called open to be done with it.
OPEN = {"5.4.3", "6.3.3", "12.3.1", "13.2.1", "13.3.1"}


def test_every_requirement_is_there_once():
    assert [number for number, count in Counter(row[0] for row in ROWS).items() if count > 1] == []
    counted = Counter((number.rpartition(".")[0], level) for number, level, *_rest in ROWS)
    there = {
        name: (counted[name, "1"], counted[name, "2"]) for name in {name for name, _l in counted}
    }
    assert there == SECTIONS
    assert [sum(each) for each in zip(*SECTIONS.values(), strict=True)] == [70, 183]


def test_the_counts_above_the_table_are_right():
    counted = Counter((level, state) for _number, level, _what, state, _proof in ROWS)
    for level in ("1", "2"):
        passed, is_open, left = (counted[level, state] for state in ("pass", "open", "n/a"))
        assert f"| {level} | {passed + is_open} | {passed} | {is_open} | {left} |" in PAGE
        assert passed / (passed + is_open) >= 0.95


def test_what_is_open_is_known():
    assert {row[0] for row in ROWS if row[3] == "open"} == OPEN


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_is_said_to_prove_it_exists(row):
    number, _level, what, state, proof = row
    assert state in STATES
    assert what.strip()
    if state != "pass":
        assert len(proof.split()) >= 2, number
        return
    named = re.findall(r"`(tests/[^`]+)`", proof)
    pages = re.findall(r"\]\(([\w./-]+)(?:#([\w-]+))?\)", proof)
    assert named or pages, number
    for test in named:
        assert exists(test), test
    for page, anchor in pages:
        assert not anchor or anchor in anchors(page), (page, anchor)


def exists(test):
    """Return whether a file has this test, also in a class."""
    name, _colons, function = test.partition("::")
    tree = ast.parse(text_of(name))
    return any(
        isinstance(node, ast.FunctionDef) and node.name == function for node in ast.walk(tree)
    )


def anchors(page):
    heads = re.findall(r"^#+ (.+)$", text_of(f"docs/reference/{page}"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


def test_the_page_about_security_tells_what_the_code_does():
    page = text_of("docs/reference/security.md")
    from core.outgoing import MAX_BYTES, PORTS, TIMEOUT
    from crm.files.operations import LARGEST
    from crm.photos.pictures import LARGEST as LARGEST_PHOTO
    from tenants.members.models.policies import LONGEST_MINIMUM, SHORTEST_PASSWORD
    from tenants.tries import MOST_FAILURES, WINDOW

    said = [
        f"{MOST_FAILURES} failures in {WINDOW.seconds // 60} minutes",
        f"{SHORTEST_PASSWORD} characters or more (workspaces may demand up to {LONGEST_MINIMUM})",
        f"{LARGEST // 2**20} MiB |",
        f"{LARGEST_PHOTO // 2**20} MiB and",
        f"{TIMEOUT:.0f} seconds, {MAX_BYTES // 2**20} MiB",
        " or ".join(str(port) for port in sorted(PORTS)),
    ]
    assert [each for each in said if each not in page] == []


def test_the_linter_looks_for_holes():
    rules = tomllib.loads((BASE / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "S" in rules["select"]
    excused = {rule for rule in rules["ignore"] if re.fullmatch(r"S\d+", rule)}
    elsewhere = {
        rule
        for place, excuses in rules["per-file-ignores"].items()
        if not place.startswith(("tests/", "benchmarks/"))
        for rule in excuses
        if re.fullmatch(r"S\d+", rule)
    }
    assert excused | elsewhere == set()
