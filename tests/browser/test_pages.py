"""Every main page: without a word of anger in the console, without a serious obstacle for anybody."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import COLOURS, LANGUAGE
from tests.browser.keys import let_go

PATHS = (
    "/", "/contacts/", "/contacts/new/", "/companies/", "/companies/new/", "/search/?q=an", "/import/",
    "/contacts/?group=owner", "/companies/?layout=board", "/contacts/?search=nobodyiscalledthis",
    "/history/", "/import/history/", "/trash/contacts/", "/duplicates/companies/", "/notifications/",
    "/settings/profile/", "/settings/sessions/", "/settings/members/", "/settings/members/invite/",
    "/settings/domains/new/", "/settings/roles/", "/settings/teams/", "/notifications/preferences/",
    "/settings/api-keys/", "/_design/",
)  # fmt: skip
# Pages of two records, by the address of a list and the ids of its first rows.
OF_RECORDS = (
    "/contacts/{0}/", "/contacts/{0}/?tab=notes", "/contacts/{0}/?tab=files", "/contacts/{0}/edit/",
    "/contacts/{0}/delete/", "/contacts/merge/?ids={0}", "/contacts/merge/?ids={0},{1}",
)  # fmt: skip
# Together they show every component there is; what differs elsewhere is only what they say.
TELLING = (
    "/", "/contacts/", "/companies/?layout=board", "/contacts/{0}/", "/contacts/{0}/edit/",
    "/contacts/merge/?ids={0},{1}", "/history/", "/import/", "/_design/",
)  # fmt: skip
SIGNED_OUT = ("/login/", "/login/code/", "/password/reset/", "/no-such-page/")


def walk(page, url, look, paths=(*PATHS, *OF_RECORDS)):
    """Open the pages, those of records with two contacts there are; collect what `look` finds."""
    page.goto(f"{url}/contacts/?sort=name")
    rows = page.locator("[data-rows] tbody tr[data-href]")
    ids = [rows.nth(number).get_attribute("data-id") for number in range(2)]
    findings = []
    for path in paths:
        page.goto(url + path.format(*ids))
        findings += look(page, path)
    return findings


def width_of(page):
    """Return the page's address if it is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth > innerWidth ? [location.href] : []")


def language_of(page):
    """Return the page's address if it does not say that it is in Chinese, or has no title."""
    return page.evaluate(
        "document.documentElement.lang.startsWith('zh') && document.title ? [] : [location.href]"
    )


def test_pages_are_quiet_and_open_to_everybody(open_browser, log_in, scan):
    page = open_browser()

    assert walk(page, log_in(page), lambda shown, _path: scan(shown)) == []


def test_pages_can_be_read_in_the_dark(open_browser, log_in, scan):
    page = open_browser(scheme="dark")

    assert walk(page, log_in(page), lambda shown, _path: scan(shown, *COLOURS), TELLING) == []


def test_pages_fit_a_phone(open_browser, log_in, scan):
    page = open_browser(width=390, height=844)

    def look(shown, path):
        return width_of(shown) + (scan(shown) if path in TELLING else [])

    assert walk(page, log_in(page), look) == []


def test_pages_in_chinese_say_so_and_fit_a_phone(open_browser, log_in, scan):
    page = open_browser(width=390, height=844, locale="zh-CN")

    def look(shown, _path):
        return [*width_of(shown), *language_of(shown)]

    assert walk(page, log_in(page, "huaxia"), look) == []
    assert scan(page, *LANGUAGE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_above_a_list_is_open_to_everybody(open_browser, log_in, scan, scheme):
    page = open_browser(scheme=scheme)
    page.goto(f"{log_in(page)}/contacts/")
    rules = COLOURS if scheme == "dark" else ()

    findings = []
    for key, opened in (
        ("f", "#filter-panel"),
        ("c", "#quick-dialog"),
        ("Control+k", "#command-menu"),
    ):
        with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
            page.keyboard.press(key)
        page.locator(opened).locator("> *").first.wait_for()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        findings += scan(page, *rules)
        page.keyboard.press("Escape")
        page.locator(opened).locator("> *").first.wait_for(state="hidden")
    for button in ("Contacts", "More", "Group"):
        page.locator(".viewbar").get_by_role("button", name=button, exact=True).click()
        findings += scan(page, *rules)
        page.keyboard.press("Escape")

    assert findings == []


def test_the_command_menu_is_in_order_while_it_looks(open_browser, log_in, scan):
    page = open_browser()
    page.goto(f"{log_in(page)}/contacts/")
    held = []
    page.route("**/search/**", lambda route: held.append(route))

    page.keyboard.press("Control+k")
    page.locator("#command-list[aria-busy=true]").wait_for()
    findings = scan(page)
    let_go(page, held)
    page.locator("#command-list:not([aria-busy])").wait_for(state="attached")
    page.locator("#command-menu input").fill("no such thing anywhere")
    # With nothing in it the list has no height.
    page.locator("#command-list[aria-busy=true]").wait_for(state="attached")
    findings += scan(page)
    let_go(page, held)
    page.locator("[data-command-nothing]").wait_for()

    assert findings + scan(page) == []


def test_public_and_entrance_pages_are_open_to_everybody(
    open_browser, product, workspace, scan, complaints
):
    page = open_browser()

    findings = []
    for path in ("/", "/find/", "/terms/", "/privacy/", "/outbox/"):
        page.goto(product["public_url"] + path)
        findings += scan(page)
    for path in SIGNED_OUT:
        page.goto(workspace("acme")["url"] + path)
        findings += scan(page)

    # The browser itself reports the 404 of the page that is not there.
    complaints[:] = [said for said in complaints if "404" not in said]
    assert findings == []
