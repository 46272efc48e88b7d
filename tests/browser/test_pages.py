"""Every main page: without a word of anger in the console, without a serious obstacle for anybody."""

import pytest

PATHS = (
    "/", "/contacts/", "/contacts/new/", "/companies/", "/companies/new/", "/search/?q=an", "/import/",
    "/contacts/?group=owner", "/companies/?layout=board", "/contacts/?search=nobodyiscalledthis",
    "/history/", "/trash/contacts/", "/duplicates/companies/", "/notifications/",
    "/settings/profile/", "/settings/sessions/", "/settings/members/", "/settings/api-keys/", "/_design/",
)  # fmt: skip
# Pages of two records, by the address of a list and the ids of its first rows.
OF_RECORDS = (
    "/contacts/{0}/", "/contacts/{0}/?tab=notes", "/contacts/{0}/?tab=files", "/contacts/{0}/edit/",
    "/contacts/{0}/delete/", "/contacts/merge/?ids={0}", "/contacts/merge/?ids={0},{1}",
)  # fmt: skip
SIGNED_OUT = ("/login/", "/login/code/", "/password/reset/", "/no-such-page/")


def all_paths(page, url):
    """Return the paths above, with those of two contacts there are."""
    page.goto(f"{url}/contacts/?sort=name")
    rows = page.locator("[data-rows] tbody tr[data-href]")
    ids = [rows.nth(number).get_attribute("data-id") for number in range(2)]
    return (*PATHS, *(path.format(*ids) for path in OF_RECORDS))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("slug", ["acme", "huaxia"])
def test_pages_are_quiet_and_open_to_everybody(open_browser, log_in, scan, slug, scheme):
    page = open_browser(scheme=scheme)
    url = log_in(page, slug)

    findings = []
    for path in all_paths(page, url):
        page.goto(url + path)
        findings += scan(page)

    assert findings == []


@pytest.mark.parametrize("slug", ["acme", "huaxia"])
def test_pages_fit_a_phone(open_browser, log_in, scan, slug):
    page = open_browser(width=390, height=844)
    url = log_in(page, slug)

    too_wide, findings = [], []
    for path in all_paths(page, url):
        page.goto(url + path)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            too_wide.append(path)
        # The same elements in both languages: what differs is how much room they take.
        if slug == "acme":
            findings += scan(page)

    assert (too_wide, findings) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_above_a_list_is_open_to_everybody(open_browser, log_in, scan, scheme):
    page = open_browser(scheme=scheme)
    page.goto(f"{log_in(page)}/contacts/")

    findings = []
    for key, opened in (
        ("f", "#filter-panel"),
        ("c", "#quick-dialog"),
        ("Control+k", "#command-menu"),
    ):
        page.keyboard.press(key)
        page.locator(opened).locator("> *").first.wait_for()
        page.wait_for_load_state("networkidle")
        findings += scan(page)
        page.keyboard.press("Escape")
        page.locator(opened).locator("> *").first.wait_for(state="hidden")
    for button in ("Contacts", "More", "Group"):
        page.locator(".viewbar").get_by_role("button", name=button, exact=True).click()
        findings += scan(page)
        page.keyboard.press("Escape")

    assert findings == []


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
