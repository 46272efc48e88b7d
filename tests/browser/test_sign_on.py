"""Single sign-on as people do it: an owner sets it up and tests it, somebody new comes in, passwords are closed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demo.workspaces import PASSWORD
from tests.browser.conftest import accept, invite_one
from tests.browser.test_two_step import fresh_code
from tests.tenants.sso.providers import tell_of


def enter(page: Page, url: str, email: str, path: str = "login/") -> None:
    page.goto(f"{url}/{path}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")


def set_up_app(page: Page, url: str, *, is_asked: bool = False) -> str:
    """Set up an authenticator app; return its secret. Who has not just logged in is asked for the password."""
    page.goto(f"{url}/settings/two-step/app/")
    if is_asked:
        page.locator("main [name=password]").fill(PASSWORD)
        page.locator("main [name=password]").press("Enter")
    page.wait_for_url("**/settings/two-step/app/")
    secret = page.locator("[data-secret]").inner_text()
    page.locator("main [name=code]").fill(fresh_code(secret))
    page.locator("main [name=code]").press("Enter")
    expect(page.locator("[data-recovery-codes] li")).to_have_count(10)
    return secret


def at_provider(page: Page, subject: str) -> None:
    page.locator("input[name=sub]").fill(subject)
    page.locator("input[name=sub]").press("Enter")


@pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("zh-CN", "zh-hans")])
def test_it_is_set_up_tested_used_and_enforced(
    open_browser: Callable[..., Page],
    own_workspace: Callable[[str], tuple[str, str]],
    scan: Callable[..., list[str]],
    read_mail: Callable[[str], str],
    complaints: list[str],
    issuer: str,
    locale: str,
    language: str,
) -> None:
    url, email = own_workspace(language)
    domain = email.partition("@")[2]
    dora = {"email": f"dora@{domain}", "email_verified": True, "given_name": "Dora"}
    tell_of(issuer, "dora", **dora, groups=["crm-sales"])
    owner = open_browser(locale=locale)
    enter(owner, url, email)
    owner.wait_for_url(f"{url}/")
    secret = set_up_app(owner, url)

    found = connect(owner, url, issuer, domain, scan)
    accept(open_browser(locale=locale), invite_one(owner, url, f"ben@{domain}", read_mail), url)

    page = open_browser(locale=locale)
    page.goto(f"{url}/login/")
    found += scan(page)
    page.locator("main a", has_text="Okta").click()
    at_provider(page, "dora")
    page.wait_for_url(f"{url}/")
    owner.goto(f"{url}/settings/members/")
    expect(owner.locator("main", has_text=f"dora@{domain}")).to_be_visible()

    owner.goto(f"{url}/settings/sso/")
    owner.locator("main button[name=is_enforced][value='1']").click()
    owner.locator("#enforce footer button[type=submit]").click()
    expect(owner.locator("main button[name=is_enforced][value='0']")).to_be_visible()
    found += scan(owner)

    page = open_browser(locale=locale)
    page.goto(f"{url}/login/")
    expect(page.locator("[name=password]")).to_have_count(0)
    enter(page, url, f"ben@{domain}", "login/?password")
    expect(page.locator("main [role=alert]")).to_be_visible()
    found += scan(page)
    page.goto(f"{url}/")
    page.wait_for_url("**/login/**")

    page.goto(f"{url}/login/")
    page.locator("main a[href^='?password']").click()
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/login/two-step/")
    page.locator("main [name=code]").fill(fresh_code(secret))
    page.locator("main [name=code]").press("Enter")
    page.wait_for_url(f"{url}/")
    assert found == []
    # The browser says aloud that somebody was refused, and what the provider's own page lacks.
    complaints[:] = [each for each in complaints if "Failed to load resource" not in each]


def connect(
    page: Page, url: str, issuer: str, domain: str, scan: Callable[..., list[str]]
) -> list[str]:
    """Add a provider, test it, say who comes in as what, and switch it on; return what axe found."""
    page.goto(f"{url}/settings/sso/")
    found = scan(page)
    page.locator("main a[href='/settings/sso/new/oidc/']").click()
    for name, value in (("name", "Okta"), ("issuer", issuer), ("client_id", "atrium")):
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main [name=secret]").fill("secret")
    page.locator("main [name=secret]").press("Enter")
    page.wait_for_url(re.compile(r"/settings/sso/[0-9a-f-]{36}/$"))
    place = page.url
    found += scan(page)
    page.locator("main input[name=makes_members]").check()
    page.locator("main [name=trusted_domains]").fill(domain)
    page.locator("main form:has([name=makes_members]) button").click()
    page.locator("main [name=value]").fill("crm-sales")
    page.locator("main form:has([name=value]) [name=role]").select_option(index=3)
    page.locator("main form:has([name=value]) button").last.click()
    expect(page.locator("main li", has_text="crm-sales")).to_be_visible()
    page.locator("main a[href$='/test/']").click()
    at_provider(page, "dora")
    expect(page.locator("main dd", has_text="dora@").first).to_be_visible()
    found += scan(page)
    page.goto(place)
    page.locator("main button[name=is_on][value='1']").click()
    expect(page.locator("main button[name=is_on][value='0']")).to_be_visible()
    return found + scan(page)
