"""Coming in without a password, as people do it: by the passkey of their device."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_two_step import give_sensor, sign_out


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_somebody_joins_by_a_passkey_and_signs_in_by_it(
    invite: Callable[..., tuple[str, str]],
    open_browser: Callable[..., Page],
    scan: Callable[..., list[str]],
    locale: str,
) -> None:
    link, url = invite()
    page = open_browser(locale=locale)
    give_sensor(page)
    page.goto(link)
    found = scan(page)

    page.locator("main [name=given_name]").fill("Dora")
    page.locator("main [data-passkey=create]").click()
    expect(page.locator("[data-recovery-codes] li")).to_have_count(10)
    found += scan(page)
    page.goto(f"{url}/settings/two-step/")
    expect(page.locator("main li", has_text="Chrom")).to_be_visible()

    sign_out(page, url)
    page.locator("main [data-passkey=get]").click()
    page.wait_for_url(f"{url}/")
    assert found == []
