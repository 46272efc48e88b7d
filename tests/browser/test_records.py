"""A day's work on a record, in both languages, on a screen and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import word
from tests.browser.keys import RECORD, star

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def open_record(open_browser, log_in, own_contacts):
    """Return a function that opens the first of the test's own contacts in a window of its own."""
    paths = {}

    def open_first(slug="acme", **window):
        page = open_browser(**window)
        url = log_in(page, slug)
        paths[slug] = paths.get(slug) or own_contacts(slug)
        page.goto(url + paths[slug])
        open_a_row(page)
        return page

    return open_first


def open_a_row(page):
    page.locator("[data-rows] tbody tr[data-href] th a").first.click()
    page.wait_for_url(RECORD)


def field(page, name):
    return page.locator(f"dd[data-edit={name}]")


def edit(page, name, text):
    opener = field(page, name).locator("[data-opens-field]")
    opener.focus()
    page.keyboard.press("Enter")
    box = field(page, name).locator("input:not([type=hidden])").first
    expect(box).to_be_focused()
    box.fill(text)


@pytest.mark.parametrize(("slug", "save"), [("acme", "Save note"), ("huaxia", "保存备注")])
def test_a_note_is_written_with_a_mention_by_keyboard(open_record, workspace, slug, save):
    page = open_record(slug)
    page.keyboard.press("n")
    surface = page.locator(".editor-surface")
    expect(surface).to_be_focused()
    page.keyboard.type("Wants ")
    page.keyboard.press("Control+b")
    page.keyboard.type("three")
    page.keyboard.press("Control+b")
    page.keyboard.type(" quotes, says @")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("today")
    expect(page.get_by_role("button", name=save)).to_be_visible()
    page.keyboard.press("Control+Enter")

    note = page.locator("#activity .timeline .note-body").first
    expect(note.locator("b")).to_have_text("three")
    expect(note.locator("[data-mention]")).to_have_count(1)
    expect(note).to_contain_text(re.compile(r"@\S.*\stoday"))


def test_a_note_is_pinned_changed_deleted_and_brought_back(open_record):
    page = open_record()
    page.locator(".editor-surface").click()
    page.keyboard.type("First thought")
    page.get_by_role("button", name="Save note").click()
    note = page.locator(".timeline .note-body", has_text="First thought")
    note.hover()
    note.get_by_role("button", name="Pin").click()
    expect(page.get_by_label("Pinned notes")).to_contain_text("First thought")

    page.get_by_label("Parts of the record").get_by_role("link", name="Notes").click()
    page.wait_for_url("**tab=notes**")
    note = page.locator(".note-body", has_text="First thought")
    note.hover()
    note.get_by_role("link", name="Edit note").click()
    editor = page.locator("form[id^=note-] .editor-surface")
    expect(editor).to_contain_text("First thought")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" and a second")
    page.locator("form[id^=note-]").get_by_role("button", name="Save note").click()
    note = page.locator(".note-body", has_text="First thought and a second")
    note.hover()
    note.get_by_role("button", name="Delete note").click()
    expect(note).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".note-body", has_text="and a second")).to_be_visible()


def test_files_are_added_looked_at_and_deleted(open_record, scan):
    page = open_record()
    page.get_by_label("Parts of the record").get_by_role("link", name="Files").click()
    page.wait_for_url("**tab=files**")
    page.set_input_files(
        "input[name=files]",
        [
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"<b>plain</b>"},
            {"name": "contract.bin", "mimeType": "text/html", "buffer": PICTURE},
        ],
    )
    page.get_by_role("button", name="Add files").click()
    expect(page.get_by_role("link", name="contract.bin", exact=True)).to_be_visible()
    assert scan(page) == []

    page.get_by_role("link", name="notes.txt", exact=True).click()
    expect(page.locator("pre")).to_have_text("<b>plain</b>")
    page.go_back()
    row = page.locator("li", has=page.get_by_role("link", name="notes.txt", exact=True))
    row.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.locator("dialog[open]").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_role("link", name="contract.bin", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="notes.txt", exact=True)).to_have_count(0)


def test_a_field_is_edited_in_place_and_the_timeline_tells(open_record):
    page = open_record()
    edit(page, "title", "Chief of everything")
    page.keyboard.press("Enter")
    expect(field(page, "title")).to_contain_text("Chief of everything")
    edit(page, "title", "Nothing of it")
    page.keyboard.press("Escape")
    expect(field(page, "title")).to_contain_text("Chief of everything")

    edit(page, "birthday", "2999-01-01")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator(".edits ins").first).to_have_text("Chief of everything")


def test_two_people_change_one_field_and_the_second_is_asked(open_record, complaints):
    one, other = open_record(), open_record()
    edit(one, "title", "Said by one")
    edit(other, "title", "Said by the other")
    one.keyboard.press("Enter")
    expect(field(one, "title")).to_contain_text("Said by one")
    other.keyboard.press("Enter")

    expect(field(other, "title")).to_contain_text("Said by one")
    box = field(other, "title").locator("input:not([type=hidden])")
    expect(box).to_have_value("Said by the other")
    box.focus()
    other.keyboard.press("Enter")
    expect(field(other, "title").locator("form")).to_have_count(0)
    expect(field(other, "title")).to_contain_text("Said by the other")
    # The browser itself reports that an answer was a refusal.
    complaints[:] = [said for said in complaints if "409" not in said]


def test_two_people_change_different_fields_and_both_stay(open_record):
    one, other = open_record(), open_record()
    for page in (one, other):
        page.keyboard.press("e")
        page.wait_for_url("**/edit/**")
    one.get_by_label("Job title").fill("From one")
    other.get_by_label("Description").fill("From the other")
    one.get_by_role("button", name="Save", exact=True).click()
    expect(field(one, "title")).to_contain_text("From one")
    other.get_by_role("button", name="Save", exact=True).click()

    expect(field(other, "title")).to_contain_text("From one")
    expect(field(other, "description")).to_contain_text("From the other")


def test_one_walks_from_record_to_record_by_keyboard(open_record):
    page = open_record()
    first = page.locator("h1").inner_text()
    expect(page.get_by_role("link", name="Next record")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("h1")).not_to_have_text(first)
    expect(page.get_by_role("link", name="Previous record")).to_be_visible()
    page.keyboard.press("k")

    expect(page.locator("h1")).to_have_text(first)


def test_a_record_starred_is_a_favourite_and_opened_lately(join, own_contacts):
    page, url = join()
    page.goto(url + own_contacts())
    open_a_row(page)
    name = page.locator("h1").inner_text()
    expect(page.get_by_role("group", name="Favourites")).to_have_count(0)
    star(page)
    page.goto(f"{url}/")

    expect(page.get_by_role("group", name="Favourites")).to_contain_text(name)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Recently opened")).to_contain_text(name)


def test_a_likely_duplicate_is_told_while_it_is_written(open_browser, log_in, ask):
    page, family = open_browser(), word()
    ask("acme", "contacts", {"given_name": "Ottilie", "family_name": family})
    log_in(page)
    page.keyboard.press("c")
    page.get_by_role("menuitem", name="New contact").click()
    form = page.locator("#quick-create")
    form.get_by_label("Given name").fill("Ottilie")
    form.get_by_label("Family name").fill(family)

    expect(form.get_by_role("status")).to_contain_text(f"Ottilie {family}")


@pytest.mark.parametrize("slug", ["acme", "huaxia"])
def test_a_record_fits_a_phone(open_record, scan, slug):
    page = open_record(slug, width=390, height=844)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert scan(page) == []
    for tab in ("notes", "files"):
        page.goto(f"{page.url.split('?')[0]}?tab={tab}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert scan(page) == []
