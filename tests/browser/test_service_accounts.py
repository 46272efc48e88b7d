"""A program's account as an admin meets it: made, and ended once it was asked whether that is meant."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_sign_on import enter


def test_ending_one_is_asked_about_and_sends_who_takes_over(
    open_browser: Callable[..., Page],
    own_workspace: Callable[[str], tuple[str, str]],
    scan: Callable[..., list[str]],
    complaints: list[str],
) -> None:
    url, email = own_workspace("en")
    page = open_browser(locale="en-GB")
    enter(page, url, email)
    page.wait_for_url(f"{url}/")
    page.goto(f"{url}/settings/service-accounts/")
    page.fill("[name=name]", "Ledger")
    page.locator("main form button").last.click()
    expect(page.locator("h1")).to_contain_text("Ledger")

    page.select_option("#ending [name=successor]", index=1)
    page.locator("[data-opens=end-account]").click()
    dialog = page.locator("#end-account > div")
    expect(dialog).to_be_visible()
    found = scan(page)
    dialog.locator("[data-closes]").click()
    expect(page.locator("[data-opens=end-account]")).to_be_visible()
    page.locator("[data-opens=end-account]").click()
    sent = []
    page.on("request", lambda each: sent.append(each.post_data or ""))
    dialog.locator("footer [type=submit]").click()

    expect(page.locator("form[action$='/reactivate/'] button")).to_be_visible()
    assert any("successor=" in each and "successor=&" not in each for each in sent)
    assert found == complaints == []
