"""The main flows from end to end without a pointer, in both languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keys import RECORD, let_go, open_menu, press, star, tab_to

ENGLISH = {
    "slug": "acme",
    "locale": "en-GB",
    "wanted": "Manager",
    "title": "Chief of everything",
    "more": "More actions",
    "merge": "Find duplicates and merge",
    "compare": "Compare",
}
CHINESE = {
    "slug": "huaxia",
    "locale": "zh-CN",
    "wanted": "经理",
    "title": "首席执行官",
    "more": "更多操作",
    "merge": "查找重复并合并",
    "compare": "对比",
}
WORDS = pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])


@pytest.fixture
def contacts(join, own_contacts, words):
    """A new colleague's window on contacts of their own, in a workspace that speaks the language."""
    page, url = join(words["slug"], locale=words["locale"])
    page.goto(url + own_contacts(words["slug"], title=words["wanted"]))
    return page


def rows(page):
    return page.locator("[data-rows] tbody tr[data-href]")


@WORDS
def test_a_record_is_found_changed_noted_and_left(contacts, words):
    page = contacts
    name = rows(page).nth(1).get_attribute("data-name")
    press(page, "Control+k")
    page.keyboard.type(name)
    expect(page.locator("[data-command-results] [role=option]").first).to_contain_text(name)
    press(page, "Escape")
    expect(page.locator("#command-menu")).not_to_have_attribute("open", "")
    press(page, "j", "j", "Enter")
    page.wait_for_url(RECORD)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    field = page.locator("dd[data-edit=title]")
    tab_to(page, field.locator("[data-opens-field]"))
    press(page, "Enter")
    expect(field.locator("input:not([type=hidden])")).to_be_focused()
    page.keyboard.type(words["title"])
    press(page, "Enter")
    expect(field.locator("form")).to_have_count(0)
    expect(field).to_contain_text(words["title"])

    press(page, "n")
    expect(page.locator(".editor-surface")).to_be_focused()
    page.keyboard.type(words["title"])
    press(page, "Control+Enter")
    expect(page.locator(".timeline .note-body").first).to_contain_text(words["title"])

    back = page.locator(".topbar a[href*='/contacts/?']")
    expect(back).to_be_visible()
    tab_to(page, back)
    press(page, "Enter")
    page.wait_for_url(re.compile(r"/contacts/\?"))
    expect(rows(page)).to_have_count(5)


@pytest.mark.parametrize("words", [ENGLISH], ids=["en"])
def test_enter_opens_what_was_typed_and_not_what_was_found_before(contacts):
    page, held = contacts, []
    first, last = (rows(page).nth(number).get_attribute("data-name") for number in (0, 4))
    press(page, "Control+k")
    page.keyboard.type(first)
    option = page.locator("[data-command-results] [role=option]").first
    expect(option).to_contain_text(first)
    page.route("**/search/**", lambda route: held.append(route))
    press(page, "Control+a")
    # All at once: each part that is typed slowly would be looked for.
    page.keyboard.insert_text(last)
    press(page, "Enter")
    let_go(page, held)

    page.wait_for_url(RECORD)
    expect(page.get_by_role("heading", level=1)).to_have_text(last)


@WORDS
def test_a_list_is_filtered_kept_as_a_view_and_changed_as_a_whole(contacts, words):
    page = contacts
    press(page, "f")
    expect(page.locator("#filter-panel input[type=search]")).to_be_focused()
    heading = page.locator("#filter-fields a[href*='title']").first
    tab_to(page, heading)
    press(page, "Enter")
    value = page.locator("#filter-panel [name=f_value]")
    expect(value).to_be_focused()
    page.keyboard.type(words["wanted"])
    press(page, "Enter")
    expect(page.locator(".chip", has_text=words["wanted"])).to_be_visible()
    expect(page).to_have_url(re.compile("filter="))

    tab_to(page, page.locator(".viewbar > [data-opens=view-new]"))
    press(page, "Enter")
    expect(page.locator("#view-name")).to_be_focused()
    page.keyboard.type(words["title"])
    press(page, "Enter")
    page.wait_for_url(re.compile("view="))
    expect(page.locator(".viewbar strong").first).to_have_text(words["title"])

    press(page, "j", "x", "j", "x")
    bar = page.locator("[data-bulk]")
    expect(bar.locator("[data-selected]")).to_contain_text("2")
    press(page, "b")
    expect(bar.locator("[data-action=edit]")).to_be_focused()
    press(page, "Enter")
    choice = page.locator("#bulk-form [name=field]")
    expect(choice).to_be_focused()
    choice.select_option("description")
    box = page.locator("#bulk-form textarea")
    expect(box).to_be_visible()
    tab_to(page, box)
    page.keyboard.type(words["title"])
    press(page, "Control+Enter")
    undo = page.locator("[data-toast] form button").first
    expect(undo).to_be_visible()
    undo.focus()
    press(page, "Enter")
    page.wait_for_url(re.compile("/history/"))
    press(page, "g", "c")
    page.wait_for_url(re.compile("/contacts/"))


@WORDS
def test_two_records_become_one_and_two_again(contacts, words):
    page = contacts
    url = page.url
    first, other = (rows(page).nth(number).get_attribute("data-name") for number in (3, 4))
    press(page, "j", "j", "j", "j", "Enter")
    page.wait_for_url(RECORD)
    tab_to(page, page.get_by_role("button", name=words["more"]))
    press(page, "Enter")
    item = page.get_by_role("menuitem", name=words["merge"])
    expect(item).to_be_focused()
    press(page, "Enter")
    page.wait_for_url(re.compile(r"/merge/\?ids="))

    tab_to(page, page.locator("#merge-with"))
    page.keyboard.type(other)
    compare = page.locator("#merge-found").get_by_role("link", name=words["compare"]).first
    expect(compare).to_be_visible()
    tab_to(page, compare)
    press(page, "Enter")
    page.wait_for_url(re.compile(r"ids=.*,|ids=.*%2C"))
    tab_to(page, page.locator("main form footer button[type=submit]"))
    press(page, "Enter")
    page.wait_for_url(RECORD)
    expect(page.get_by_role("heading", level=1)).to_have_text(first)

    undo = page.locator("[data-toast] form button").first
    undo.focus()
    press(page, "Enter")
    page.wait_for_url(re.compile("/history/"))
    page.goto(url)
    expect(rows(page).nth(3)).to_have_attribute("data-name", first)
    expect(rows(page).nth(4)).to_have_attribute("data-name", other)


@pytest.mark.parametrize("words", [ENGLISH], ids=["en"])
def test_favourites_are_put_in_order(contacts):
    page, url = contacts, contacts.url
    for steps in (["j"], ["j", "j"]):
        press(page, *steps, "Enter")
        page.wait_for_url(RECORD)
        star(page)
        page.goto(url)

    lines = page.locator("#sidebar [data-arrange] > li")
    before = lines.all_inner_texts()
    assert len(before) == 2
    lines.nth(1).locator("a").focus()
    with page.expect_response(re.compile("/favourites/order/")):
        press(page, "Alt+ArrowUp")
    page.reload()
    assert lines.all_inner_texts() == before[::-1]

    open_menu(page, lines.nth(0).get_by_role("button"))
    with page.expect_response(re.compile("/favourites/order/")):
        press(page, "Enter")
    assert lines.all_inner_texts() == before
    page.reload()
    assert lines.all_inner_texts() == before
