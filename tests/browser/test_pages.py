"""Every main page: without a word of anger in the console, without a serious obstacle for anybody."""

import pytest

PATHS = (
    "/", "/contacts/", "/contacts/new/", "/companies/", "/companies/new/", "/search/?q=a", "/import/",
    "/settings/profile/", "/settings/sessions/", "/settings/members/", "/settings/api-keys/", "/_design/",
)  # fmt: skip
SIGNED_OUT = ("/login/", "/login/code/", "/password/reset/", "/no-such-page/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("slug", ["acme", "huaxia"])
def test_pages_are_quiet_and_open_to_everybody(open_browser, log_in, scan, slug, scheme):
    page = open_browser(scheme=scheme)
    url = log_in(page, slug)

    findings = []
    for path in PATHS:
        page.goto(url + path)
        findings += scan(page)

    assert findings == []


def test_record_pages_are_quiet_and_open_to_everybody(open_browser, log_in, scan):
    page = open_browser()
    url = log_in(page)

    findings = []
    for path in ("/contacts/", "/companies/"):
        page.goto(url + path)
        page.locator("table tbody a").first.click()
        page.wait_for_load_state()
        findings += scan(page)
        page.goto(page.url + "edit/")
        findings += scan(page)

    assert findings == []


def test_pages_fit_a_phone(open_browser, log_in, scan):
    page = open_browser(width=390, height=844)
    url = log_in(page)

    too_wide, findings = [], []
    for path in PATHS:
        page.goto(url + path)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            too_wide.append(path)
        findings += scan(page)

    assert (too_wide, findings) == ([], [])


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
