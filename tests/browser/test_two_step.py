"""Two-step verification as people do it: an app, a passkey of the browser, and log-in by it alone."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demo.workspaces import PASSWORD
from tests.tenants.members.codes import totp

# What Chromium pretends to have: a sensor in the device, whose owner is always there.
SENSOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_sensor(page: Page) -> None:
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": SENSOR})


def fresh_code(secret: str) -> str:
    """Return a code that does not run out while it is typed."""
    if time.time() % 30 > 25:
        time.sleep(6)
    return totp(secret)


def sign_out(page: Page, url: str) -> None:
    page.goto(f"{url}/logout/")
    page.locator("main form button").first.click()
    page.goto(f"{url}/login/")


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_an_app_and_a_passkey_are_set_up_and_sign_in(
    join: Callable[..., tuple[Page, str]], scan: Callable[..., list[str]], locale: str
) -> None:
    page, url = join(locale=locale)
    give_sensor(page)
    page.goto(f"{url}/settings/two-step/")
    found = scan(page)
    page.locator("main a[href='/settings/two-step/app/']").click()
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main [name=password]").press("Enter")
    page.wait_for_url("**/settings/two-step/app/")
    found += scan(page)
    secret = page.locator("[data-secret]").inner_text()
    page.locator("main [name=code]").fill(fresh_code(secret))
    page.locator("main [name=code]").press("Enter")
    expect(page.locator("[data-recovery-codes] li")).to_have_count(10)
    found += scan(page)
    code = page.locator("[data-recovery-codes] li").first.inner_text()

    page.goto(f"{url}/settings/two-step/passkeys/")
    page.locator("main [name=name]").fill("Sensor")
    page.locator("main [data-passkey=create]").click()
    page.wait_for_url(f"{url}/settings/two-step/")
    expect(page.locator("main li", has_text="Sensor")).to_be_visible()
    found += scan(page)

    email = page.locator("aside p.text-xs, .menu p.text-xs").first.text_content()
    sign_out(page, url)
    page.locator("main [data-passkey=get]").click()
    page.wait_for_url(f"{url}/")

    sign_out(page, url)
    _password(page, email or "")
    page.wait_for_url("**/login/two-step/")
    found += scan(page)
    page.locator("main [data-passkey=get]").click()
    page.wait_for_url(f"{url}/")

    sign_out(page, url)
    _password(page, email or "")
    page.wait_for_url("**/login/two-step/")
    page.locator("main [name=code]").fill(code)
    page.locator("main [name=code]").press("Enter")
    page.wait_for_url(f"{url}/")
    assert found == []


def _password(page: Page, email: str) -> None:
    page.locator("[name=login]").fill(email.strip())
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
