"""A person at the keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

FARTHEST = 150
RECORD = re.compile(r"/contacts/[0-9a-f-]{36}/")


def press(page: Page, *keys: str) -> None:
    """Press these keys, one after the other."""
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, target: Locator) -> None:
    """Walk with Tab until the focus is there."""
    for _step in range(FARTHEST):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never leads to {target}.")


def open_menu(page: Page, button: Locator) -> None:
    """Open a menu by its button; it stands where it stays when its first line has the focus."""
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")


def star(page: Page) -> None:
    """Mark the record on the page as a favourite, unless it is one already."""
    button = page.locator("button.star")
    if button.get_attribute("aria-pressed") == "false":
        button.focus()
        with page.expect_response(re.compile("/star/$")):
            page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")


def let_go(page: Page, held: list[Route]) -> None:
    """Answer the request that is held up, as soon as there is one."""
    while not held:
        page.wait_for_timeout(20)
    held.pop().continue_()
