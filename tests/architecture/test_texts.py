"""Every text exists in Chinese, and Chinese pages show no English."""

import html
import re

import pytest
from django.core.management import call_command
from django.utils.translation import gettext, override

from core.texts.catalogs import read_catalog
from core.texts.extracting import extract_texts
from crm.customers.operations.companies import create_company
from tests.architecture.reading import BASE
from tests.conftest import Visitor

# The same in both languages.
SHARED = {"Atrium", "API", "VIP", "SMS", "Cookies", "English"}
PUBLIC_PAGES = ["/", "/signup/", "/find/", "/terms/", "/privacy/", "/outbox/", "/nowhere/"]
WORKSPACE_PAGES = [
    "/",
    "/companies/",
    "/companies/new/",
    "/contacts/",
    "/contacts/new/",
    "/import/",
    "/search/?q=a",
    "/settings/profile/",
    "/settings/members/",
    "/settings/members/invite/",
    "/settings/members/invitations/",
    "/settings/domains/",
    "/settings/domains/new/",
    "/settings/roles/",
    "/settings/teams/",
    "/settings/sessions/",
    "/settings/two-step/",
    "/settings/security/",
    "/settings/api-keys/",
    "/email/",
    "/password/change/",
    "/nowhere/",
]
STRANGERS_PAGES = ["/login/", "/join/", "/login/code/", "/password/reset/"]
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)


def test_no_text_lacks_a_translation():
    call_command("messages", check=True)


def test_what_is_compiled_is_what_is_written():
    """The compiled files lie beside, and are not committed: `make setup` writes them."""
    with override("zh-hans"):
        catalog = read_catalog(BASE, "zh_Hans")
        assert gettext("Companies") == catalog.get("Companies").string


@pytest.fixture(scope="module")
def english() -> set[str]:
    """Sentences and words of our own that a Chinese page must not show."""
    texts = {text.singular for text in extract_texts(BASE)} | {
        text.plural for text in extract_texts(BASE)
    }
    plain = {MARKUP.sub("", text) for text in texts if "%(" not in text}
    return {text for text in plain if re.search(r"[A-Za-z]{3}", text)} - SHARED


def shown(response) -> set[str]:
    """Return what a page says between its tags and in the attributes people read."""
    page = response.content.decode()
    said = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', page)
    said += re.findall(r'data-[a-z-]+="([^"]* [^"]*)"', page)
    return {
        html.unescape(text).strip() for text in [*MARKUP.sub("\n", page).split("\n"), *said]
    } - {""}


@pytest.mark.parametrize("path", WORKSPACE_PAGES)
def test_a_members_page_is_chinese_throughout(as_member, alice, english, path):
    type(alice).objects.filter(pk=alice.pk).update(language="zh-hans")

    response = as_member(alice).get(path)

    assert response.status_code in (200, 404)
    assert response["Content-Language"] == "zh-hans"
    assert shown(response) & english == set()


@pytest.mark.parametrize("page", ["", "edit/", "delete/"])
def test_a_records_page_is_chinese_throughout(as_member, alice, english, page):
    type(alice).objects.filter(pk=alice.pk).update(language="zh-hans")
    company = create_company(actor=alice.as_actor(), name="Initech", industry="software")

    response = as_member(alice).get(f"{company.get_absolute_url()}{page}")

    assert response.status_code == 200
    assert shown(response) & english == set()


@pytest.mark.parametrize("path", STRANGERS_PAGES)
def test_a_strangers_page_is_chinese_throughout(acme, english, path):
    visitor = Visitor(acme)
    visitor.post("/language/", {"language": "zh-hans", "next": path})

    response = visitor.get(path)

    assert response.status_code == 200
    assert shown(response) & english == set()


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_page_is_chinese_throughout(english, path):
    response = Visitor().get(path, headers={"Accept-Language": "zh-CN"})

    assert response.status_code in (200, 404)
    assert shown(response) & english == set()
