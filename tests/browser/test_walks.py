"""Whole walks, as a person takes them."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import word
from tests.browser.keys import RECORD, open_menu


def test_everything_important_is_reached_by_the_keyboard_alone(join):
    page, url = join()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("Go to Contacts")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/contacts/(\?|$)"))

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(RECORD)
    name = page.get_by_role("heading", level=1).inner_text()

    page.keyboard.press("Control+k")
    page.keyboard.type(name)
    option = page.locator("[data-command-results] [role=option]").first
    expect(option).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).to_be_hidden()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("shortcuts")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page).to_have_url(f"{url}/companies/")


def test_a_contact_is_created_edited_and_deleted(open_browser, log_in):
    page, name = open_browser(), f"Katarzyna {word()}"
    url = log_in(page)
    page.goto(f"{url}/contacts/new/")
    # The warning stands beside the buttons: until it is answered they may still move.
    with page.expect_response("**/likely/**"):
        page.get_by_label("Given name").fill("Katarzyna")
        page.get_by_label("Family name").fill(name.split()[1])
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Job title").fill("Head of Procurement")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Head of Procurement").first).to_be_visible()

    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("main").get_by_role("button", name=f"Delete {name}").click()
    page.wait_for_url(f"{url}/contacts/**")
    page.goto(f"{url}/trash/contacts/")
    expect(page.get_by_text(name).first).to_be_visible()


def test_theme_and_language_change_at_once_and_stay(join):
    page, url = join("huaxia", locale="zh-CN")
    root, button = page.locator("html"), page.get_by_role("button", name="您的菜单")
    expect(root).to_have_attribute("lang", "zh-CN")
    expect(root).not_to_have_attribute("data-theme", "dark")

    open_menu(page, button)
    with page.expect_response("**/settings/preferences/"):
        page.locator("[data-theme-form] [value=dark]").click()
    expect(root).to_have_attribute("data-theme", "dark")
    page.goto(f"{url}/contacts/")
    expect(root).to_have_attribute("data-theme", "dark")

    open_menu(page, button)
    page.locator("#user-menu [name=language][value=en]").click()
    expect(page.get_by_role("button", name="Your menu")).to_be_visible()
    page.goto(f"{url}/companies/")
    expect(root).to_have_attribute("lang", "en")


def test_the_phone_has_its_bar_and_its_drawer(open_browser, log_in):
    page = open_browser(width=390, height=844)
    log_in(page)

    bar = page.locator(".phonebar")
    bar.get_by_role("link", name="Contacts").click()
    page.wait_for_url("**/contacts/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    bar.get_by_role("link", name="More").click()
    expect(page.locator("#sidebar")).to_have_attribute("data-open", "")
    page.keyboard.press("Escape")
    expect(page.locator("#sidebar")).not_to_have_attribute("data-open", "")
