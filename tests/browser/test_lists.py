"""A day's work in a list, mostly by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keys import let_go

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def companies(open_browser, log_in, own_companies):
    """A window on four companies that no other test works with."""
    page = open_browser()
    path = own_companies(*({"industry": "Mining", "employees": 90 * size} for size in range(1, 5)))
    page.goto(log_in(page) + path)
    return page


def rows(page):
    return page.locator("[data-rows] tbody tr[data-href]")


@pytest.mark.parametrize("slug", ["acme", "huaxia"])
@pytest.mark.parametrize("place", ["contacts", "companies"])
def test_a_list_as_it_comes_fits_a_usual_window(open_browser, log_in, slug, place):
    page = open_browser()
    page.goto(f"{log_in(page, slug)}/{place}/")
    table = page.locator(".table-container")

    assert table.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    heights = rows(page).evaluate_all("rows => [...new Set(rows.map(row => row.offsetHeight))]")
    assert heights == [36]


def test_a_condition_is_added_changed_and_removed(companies):
    page, held = companies, []
    page.keyboard.press("f")
    panel = page.get_by_role("dialog", name="Filter")
    panel.get_by_placeholder("Find a field").fill("empl")
    panel.get_by_role("link", name="Employees").first.click()
    # The answer to what is asked comes after the number was typed.
    page.route("**/filter/?**f_op=above**", lambda route: held.append(route))
    panel.get_by_label("What is asked").select_option("above")
    panel.get_by_label("Employees").fill("100")
    with page.expect_response(re.compile("f_op=above")):
        let_go(page, held)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(panel.get_by_label("Employees")).to_have_value("100")
    panel.get_by_role("button", name="Add filter").click()

    chip = page.locator(".chip", has_text="Employees")
    expect(chip).to_contain_text("100")
    expect(page).to_have_url(re.compile("filter=employees%3Aabove%3A100"))
    expect(rows(page)).to_have_count(3)
    chip.get_by_role("link", name="Remove filter: Employees").click()
    expect(chip).to_have_count(0)
    expect(rows(page)).to_have_count(4)
    page.go_back()
    expect(chip).to_be_visible()
    expect(rows(page)).to_have_count(3)


def test_rows_are_selected_by_key_and_range_and_changed_together(companies):
    page = companies
    page.keyboard.press("j")
    page.keyboard.press("x")
    bar = page.get_by_role("toolbar", name="Selected rows")
    expect(bar).to_contain_text("1 selected")
    expect(bar.get_by_role("button", name="Merge")).to_be_hidden()
    rows(page).nth(3).get_by_role("checkbox").click(modifiers=["Shift"])
    expect(bar).to_contain_text("4 selected")
    bar.get_by_role("button", name="Edit").click()

    expect(page.locator("#bulk-dialog h2")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()


def test_a_cell_is_edited_by_keyboard(companies):
    page = companies
    page.keyboard.press("j")
    page.keyboard.press("e")
    cell = rows(page).first.locator("td[data-edit=industry]")
    expect(cell).to_have_text("Mining")
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")
    field = cell.get_by_role("combobox")
    expect(field).to_be_focused()
    field.fill("Energy")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("Energy")
    expect(cell).to_be_focused()

    page.keyboard.press("Enter")
    field.fill("Nothing of it")
    page.keyboard.press("Escape")
    expect(cell).to_have_text("Energy")


def test_a_card_is_moved_by_keyboard_and_by_dragging(open_browser, log_in, ask, own_companies):
    page, stages = open_browser(), ask("acme", "lifecycle-stages")["results"][:2]
    first, second = ({"lifecycle_stage": stage["id"]} for stage in stages)
    page.goto(f"{log_in(page)}{own_companies(first, first, second)}&layout=board")
    columns = page.locator(".board-col")
    card, other = columns.nth(0).locator(".deal").all()
    name, dragged = (each.get_attribute("data-name") for each in (card, other))
    card.get_by_role("link").focus()
    page.keyboard.press("m")
    page.get_by_role("menuitem", name="Customer", exact=True).click()
    expect(columns.nth(2).locator(f'[data-name="{name}"]')).to_be_visible()
    expect(page.get_by_text(f"{name}: Customer")).to_be_visible()

    with page.expect_response(re.compile("/field/lifecycle_stage/")):
        columns.nth(0).locator(".deal").drag_to(columns.nth(1).locator(".deal"))
    expect(columns.nth(1).locator(f'[data-name="{dragged}"]')).to_be_visible()
    page.reload()
    expect(columns.nth(2).locator(f'[data-name="{name}"]')).to_be_visible()
    expect(columns.nth(1).locator(f'[data-name="{dragged}"]')).to_be_visible()


def test_a_view_is_saved_pinned_and_changed(join):
    page, url = join()
    page.goto(f"{url}/companies/")
    page.get_by_role("link", name="Revenue").click()
    page.get_by_role("button", name="Save as a view").click()
    page.get_by_label("Name", exact=True).fill("By revenue")
    page.get_by_role("button", name="Save view").click()
    page.get_by_role("button", name="By revenue").click()
    beside = page.locator("#sidebar").get_by_role("link", name="By revenue")
    expect(beside).to_have_count(0)
    page.get_by_role("menuitem", name="Pin to favourites").click()
    expect(beside).to_be_visible()

    page.get_by_role("link", name="Employees").click()
    expect(page.get_by_text("Changed")).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_text("Changed")).to_have_count(0)


def test_a_record_is_previewed_beside_the_list(companies):
    page = companies
    page.keyboard.press("j")
    page.keyboard.press("p")
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview).to_be_focused()
    expect(preview).to_contain_text("About")
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()


@pytest.mark.parametrize(
    "address", ["?filter=or(employees:above:1,name:contains:a)", "?layout=board", "?group=industry"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists_are_accessible(address, scheme, open_browser, log_in, scan):
    page = open_browser(scheme=scheme)
    page.goto(f"{log_in(page, 'huaxia')}/companies/{address}")

    assert scan(page) == []


def test_a_list_on_the_phone_shows_the_bar_whole(open_browser, log_in, scan):
    page = open_browser(**PHONE)
    page.goto(f"{log_in(page)}/contacts/?sort=name")
    rows(page).first.get_by_role("checkbox").click()

    box = page.get_by_role("button", name="Select none").bounding_box()
    assert box["x"] + box["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert scan(page) == []
