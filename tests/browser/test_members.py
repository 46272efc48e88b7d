"""A colleague as a workspace knows one: invited, protected, signed in by the company, promoted, and gone."""

import time
from collections.abc import Callable

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect

from tenants.members.models import Role
from tests.browser.conftest import accept, invite_one
from tests.browser.test_sign_on import at_provider, connect, enter, set_up_app
from tests.browser.test_two_step import fresh_code, sign_out
from tests.tenants.sso.providers import tell_of


@pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("zh-CN", "zh-hans")])
def test_a_colleague_comes_and_goes(
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
    ben = f"ben@{domain}"
    tell_of(issuer, "dora", email=f"dora@{domain}", email_verified=True)
    tell_of(issuer, "ben", email=ben, email_verified=True, groups=["crm-sales"])
    owner, colleague = open_browser(locale=locale), open_browser(locale=locale)
    enter(owner, url, email)
    owner.wait_for_url(f"{url}/")

    accept(colleague, invite_one(owner, url, ben, read_mail), url)
    secret = set_up_app(colleague, url, is_asked=True)
    sign_out(colleague, url)
    enter(colleague, url, ben)
    colleague.wait_for_url("**/login/two-step/")
    used = _answer(colleague, url, secret)

    set_up_app(owner, url)
    found = connect(owner, url, issuer, domain, scan)
    sign_out(colleague, url)
    colleague.locator("main a", has_text="Okta").click()
    at_provider(colleague, "ben")
    colleague.wait_for_url("**/login/two-step/")
    _answer(colleague, url, secret, used)

    found += _give_role(owner, url, ben, Role.Key.VIEWER, language, scan)
    colleague.goto(f"{url}/contacts/")
    expect(colleague.locator("a[href='/contacts/new/']")).to_have_count(0)
    expect(colleague.locator("main")).to_be_visible()

    owner.locator("main a[href$='/deactivate/']").click()
    owner.wait_for_url("**/deactivate/")
    found += scan(owner)
    owner.locator("main form.form button").last.click()
    expect(owner.locator("form[action$='/reactivate/'] button")).to_be_visible()
    found += scan(owner)
    colleague.goto(f"{url}/contacts/")
    colleague.wait_for_url("**/login/**")
    assert found == []
    # The provider's own pages lack an icon, which the browser says aloud.
    complaints[:] = [each for each in complaints if "Failed to load resource" not in each]


def _answer(page: Page, url: str, secret: str, used: str = "") -> str:
    """Enter a code of the app that was not used yet; return it."""
    code = fresh_code(secret)
    while code == used:
        time.sleep(1)
        code = fresh_code(secret)
    page.locator("main [name=code]").fill(code)
    page.locator("main [name=code]").press("Enter")
    page.wait_for_url(f"{url}/")
    return code


def _give_role(
    owner: Page, url: str, email: str, key: str, language: str, scan: Callable[..., list[str]]
) -> list[str]:
    """Give a member another role on their page; return what axe found there."""
    owner.goto(f"{url}/settings/members/?q={email}")
    owner.locator("main tbody a", has_text=email.partition("@")[0]).first.click()
    owner.wait_for_url("**/settings/members/*-*/")
    found = scan(owner)
    with override(language):
        label = str(Role.Key(key).label)
    owner.locator("main [name=role]").select_option(label=label)
    owner.locator("main form:has([name=role]) button").last.click()
    expect(owner.locator("main [name=role] option:checked")).to_have_text(label)
    return found
