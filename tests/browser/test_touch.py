"""What a thumb, and somebody in a hurry, may rely on: targets that are large enough, fields that stay where they are."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keys import RECORD

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(open_browser, log_in):
    """Return a phone with a finger instead of a mouse, logged in, and the address of its workspace."""
    page = open_browser(**PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    return page, log_in(page)


def test_a_row_is_selected_by_a_thumb_beside_its_box(phone):
    page, url = phone
    page.goto(f"{url}/contacts/")
    box = page.locator("[data-rows] tbody input[name=ids]").nth(2)
    at = box.bounding_box()

    page.touchscreen.tap(at["x"] + at["width"] / 2 + 12, at["y"] + at["height"] / 2 + 18)

    expect(box).to_be_checked()
    bar = page.get_by_role("toolbar", name="Selected rows")
    expect(bar).to_be_visible()
    assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth")


def test_a_quick_filter_is_chosen_on_a_phone(phone):
    page, url = phone
    page.goto(f"{url}/contacts/")

    page.get_by_role("link", name="Stage", exact=True).tap()
    choice = page.locator("#filter-panel a.line", has_text="Customer").first
    assert choice.bounding_box()["height"] >= 44
    choice.tap()

    expect(page.locator(".chip").first).to_be_in_viewport()
    expect(page).to_have_url(re.compile("stage="))


@pytest.mark.parametrize("path", ["filter/", "sort/", "columns/", "quick/owner/"])
def test_a_panel_of_the_list_is_a_page_of_its_own_too(phone, path):
    page, url = phone
    page.goto(f"{url}/contacts/{path}")

    for line in page.locator("main .line").all()[:3]:
        assert line.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize(
    ("path", "leads_to"), [("filter/", r"f_field="), ("sort/", r"/contacts/\?.*sort=")]
)
def test_the_page_of_a_panel_leads_on(phone, path, leads_to):
    page, url = phone
    page.goto(f"{url}/contacts/{path}")
    page.locator("main a.line").nth(1).tap()

    expect(page).to_have_url(re.compile(leads_to))


def test_quick_create_keeps_its_buttons_in_reach_and_its_fields_in_place(phone):
    page, url = phone
    page.goto(f"{url}/contacts/?sort=name")
    name = page.locator("[data-rows] tbody th a").first.inner_text().splitlines()
    page.get_by_role("link", name="New contact").tap()
    form = page.locator("#quick-create")
    given = form.get_by_label("Given name")
    expect(form.get_by_role("button", name="Save", exact=True)).to_be_in_viewport()
    before = given.bounding_box()

    words = next(line for line in name if " " in line).split()
    given.fill(words[0])
    form.get_by_label("Family name").fill(words[-1])

    expect(form.get_by_role("status")).to_contain_text(words[-1])
    assert given.bounding_box() == before
    expect(form.get_by_role("button", name="Save", exact=True)).to_be_in_viewport()


def test_the_menu_of_the_settings_stands_still(open_browser, log_in):
    page = open_browser()
    url = log_in(page)
    places = set()
    for path in (
        "settings/profile/",
        "settings/members/",
        "history/",
        "trash/contacts/",
        "import/history/",
    ):
        page.goto(f"{url}/{path}")
        places.add(page.locator(".settings-menu").bounding_box()["x"])

    assert len(places) == 1


def test_leaving_a_refused_edit_shows_what_somebody_else_wrote(
    open_browser, log_in, own_contacts, complaints
):
    first = open_browser()
    first.goto(log_in(first) + own_contacts(title="Clerk"))
    first.locator("[data-rows] tbody th a").first.click()
    first.wait_for_url(RECORD)
    second = first.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        page.locator("dd[data-edit=title] [data-opens-field]").click()
        expect(page.locator("dd[data-edit=title] input:not([type=hidden])")).to_be_focused()
    for page, title in ((first, "Head of Trains"), (second, "Head of Ships")):
        page.locator("dd[data-edit=title] input:not([type=hidden])").fill(title)
        page.keyboard.press("Enter")
        expect(page.locator("dd[data-edit=title]")).to_contain_text("Head of Trains")

    second.keyboard.press("Escape")

    expect(second.locator("dd[data-edit=title] form")).to_have_count(0)
    expect(second.locator("dd[data-edit=title]")).to_contain_text("Head of Trains")
    expect(second.locator("dd[data-edit=title] [data-opens-field]")).to_be_focused()
    complaints[:] = [said for said in complaints if "409" not in said]
