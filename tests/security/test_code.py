"""What code and configuration of the product do nowhere."""

import re

import pytest
from django.conf import settings
from django.urls import get_resolver

from tests.architecture.reading import files, product_code, text_of
from tests.conftest import Visitor

SCRIPTS = [name for name in files(".js") if name.startswith("frontend/js/")]
RULES = {
    "code made of texts": (
        r"\beval\(|\bexec\(|\bcompile\((?!r?[\"'])(?<!re\.compile\()|__import__\(",
        set(),
    ),
    "objects read from bytes that may be anybody's": (
        r"\bpickle\.load|\bmarshal\.load|\bshelve\b|yaml\.(?:load|unsafe_load)\(|\bdill\b",
        set(),
    ),
    "a command for a shell": (r"shell\s*=\s*True|os\.system\(|os\.popen\(|getoutput\(", set()),
    # One only writes; the other's tests show that nothing expands and nothing is fetched.
    "XML read with entities": (
        r"xml\.etree|xml\.dom|xml\.sax|\blxml\b|xmltodict|BeautifulSoup",
        {"crm/transfer/export/workbook.py", "tenants/sso/saml.py"},
    ),
    "an old hash or cipher": (r"\bmd5\(|\bsha1\(|modes\.ECB|\bDES\b|\bRC4\b|Blowfish", set()),
    "a template made of texts": (r"\bTemplate\(|from_string\(|engines\[", set()),
    "letters that only look like chance": (
        r"^import random|^from random|\brandom\.(?:choice|randint|random|sample|uniform)\(",
        {"crm/home/samples/customers.py"},
    ),
    "a header that lets other origins read": (r"Access-Control-Allow|corsheaders", set()),
    "a format string of somebody's": (r"\.format\(\*\*request|\.format_map\(", set()),
}
SCRIPT_RULES = {
    "code made of texts": r"\beval\(|new Function|setTimeout\(\s*[\"']|document\.write",
    "messages from other windows": r"postMessage|addEventListener\(\s*[\"']message",
    "data kept in the browser": r"sessionStorage|indexedDB|document\.cookie",
    "a name of an object as somebody sends it": r"__proto__|constructor\[",
}


@pytest.mark.parametrize("what", RULES)
def test_no_code_has(what):
    pattern, allowed = RULES[what]
    found = {name for name in product_code() if re.search(pattern, text_of(name), re.MULTILINE)}

    assert found == allowed


@pytest.mark.parametrize("what", SCRIPT_RULES)
def test_no_script_has(what):
    assert [name for name in SCRIPTS if re.search(SCRIPT_RULES[what], text_of(name))] == []


def test_the_browser_keeps_names_of_closed_hints_alone():
    assert [name for name in SCRIPTS if "localStorage" in text_of(name)] == ["frontend/js/kept.js"]


def test_nothing_tells_of_its_inside():
    assert settings.DEBUG is False
    names = {str(each.pattern) for each in get_resolver(settings.ROOT_URLCONF).url_patterns}
    assert not {name for name in names if "debug" in name or "admin" in name}


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "MKCOL"])
@pytest.mark.parametrize("path", ["/", "/contacts/", "/api/v1/contacts/", "/login/"])
def test_strange_methods_do_nothing(as_member, alice, method, path):
    answer = as_member(alice).generic(method, path, headers={"x-canary": "zorblatta"})

    assert answer.status_code in (302, 403, 405), answer.status_code
    assert b"zorblatta" not in answer.content


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.env", "/static/", "/static/../config/settings.py", "/media/", "/files/",
     "/static/%2e%2e/%2e%2e/etc/passwd", "/manage.py", "/api/openapi.yaml", "/server-status"],
)  # fmt: skip
def test_no_folder_and_no_source_is_served(acme, path):
    answer = Visitor(acme).get(path)

    assert answer.status_code in (302, 404)
    assert answer.status_code == 404 or answer.headers["Location"].startswith("/login/")


def test_answers_say_what_they_are(as_member, alice):
    visitor = as_member(alice)

    assert visitor.get("/contacts/").headers["Content-Type"] == "text/html; charset=utf-8"
    assert visitor.get("/api/v1/contacts/").headers["Content-Type"].startswith("application/json")
    wrong = visitor.get("/api/v1/nothing/")
    assert wrong.headers["Content-Type"].startswith("application/problem+json")


def test_what_is_open_to_strangers_on_purpose_tells_of_no_workspace(acme, globex, alice):
    """The documents of the API are as public as the product; health says that it serves, and no more."""
    schemas = [Visitor(each).get("/api/schema/").content for each in (acme, globex)]
    page = Visitor(acme).get("/api/docs/").content.decode()

    assert schemas[0] == schemas[1]
    assert not any(word in page for word in ("alice", str(acme.id), acme.schema))
    for path in ("/livez/", "/readyz/"):
        assert Visitor().get(path).json() == {"status": "ok"}


def test_one_name_said_twice_is_not_taken_for_something_else(as_member, alice):
    visitor = as_member(alice)
    first = visitor.get("/api/v1/contacts/?page_size=1&page_size=2")

    assert first.status_code in (200, 400)
    twice = '{"name": "One", "name": "Two"}'
    made = visitor.post("/api/v1/companies/", twice, content_type="application/json")
    assert made.json().get("name") in ("Two", None)


def test_a_build_leaves_the_history_of_the_code_behind():
    assert ".git" in text_of(".dockerignore").split()
