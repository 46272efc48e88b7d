"""Templates keep the promises that make the strict content security policy possible."""

import re

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from tests.architecture.reading import files, product_code, text_of

NAMED = re.compile(r"""["']([a-z_]+/[\w/.-]+\.html(?:#[\w-]+)?)["']""")
TEMPLATES = files(".html")
FRONTEND = tuple(name for name in files(".css", ".js", ".html") if "node_modules" not in name)
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "an on* attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a text taken as safe": re.compile(r"\|\s*safe\b|autoescape\s+off"),
    "an inherited htmx attribute": re.compile(r"\shx-disinherit"),
}
ELSEWHERE = re.compile(
    r"""(?:src|href|action|srcset)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import\s+["']https?:|(?:from|import)\s*\(?["']https?:""",
    re.IGNORECASE,
)


def named_in_code() -> list[str]:
    return sorted({name for path in product_code() for name in NAMED.findall(text_of(path))})


@pytest.mark.parametrize("name", named_in_code())
def test_every_template_and_partial_named_in_code_exists(name):
    try:
        get_template(name)
    except TemplateDoesNotExist:
        pytest.fail(f"{name} does not exist.")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what):
    assert [name for name in TEMPLATES if FORBIDDEN[what].search(text_of(name))] == []


def test_nothing_is_fetched_from_elsewhere():
    assert [name for name in FRONTEND if ELSEWHERE.search(text_of(name))] == []
