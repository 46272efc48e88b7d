"""The whole product, started as people start it, and a real browser in front of it."""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from config.demo.workspaces import PASSWORD
from tests.browser.running import running_demo

PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
AXE = Path(settings.BASE_DIR) / "frontend/node_modules/axe-core/axe.min.js"
# What one scheme may get wrong and the other right, and what one language may.
COLOURS = ("color-contrast", "link-in-text-block")
LANGUAGE = ("document-title", "html-has-lang", "html-lang-valid", "valid-lang")
NODES_TOLD = 3
MAIL_TRIES = 150
GIVEN_NAMES = ("Ada", "Bea", "Cleo", "Dora", "Edda")
LETTERS = str.maketrans("0123456789", "ghijklmnop")
# What is still fading in has not its own colours yet.
SETTLE = """Promise.allSettled(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime !== Infinity).map((each) => each.finished))"""
RUN_AXE = """async (options) => (await axe.run(document, options)).violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => ({id, nodes: nodes.map(({html, failureSummary}) => [html, failureSummary])}))"""


# First, so that the distribution over processes sees the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser; without one the tests are skipped, but never in CI."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path:
        return path
    reason = "No Chromium is installed and none could be; browser tests need one."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def product() -> Iterator[dict[str, Any]]:
    """A running demo with data of its own; what demo.json says of it."""
    # Not among pytest's folders: the next run to start closes those to the database's own user.
    with (
        TemporaryDirectory(prefix="atrium-", ignore_cleanup_errors=True) as home,
        running_demo(Path(home)) as said,
    ):
        yield said


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def complaints(product: dict[str, Any]) -> Iterator[list[str]]:
    """What the console said in anger; a test that leaves something here fails."""
    said: list[str] = []
    yield said
    assert said == [], "".join(product["log"].read_text().splitlines(keepends=True)[-30:])


@pytest.fixture
def open_browser(browser: Browser, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Return a fresh browser window of this size, language, scheme and device; its console is listened to."""
    contexts: list[BrowserContext] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text}")

    def open_window(
        width: int = 1440,
        height: int = 900,
        locale: str = "en-GB",
        scheme: Any = "light",
        **device: Any,
    ) -> Page:
        size: Any = {"width": width, "height": height}
        context = browser.new_context(viewport=size, locale=locale, color_scheme=scheme, **device)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        return page

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def workspace(product: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """Return what demo.json says of one workspace."""
    return lambda slug: next(entry for entry in product["workspaces"] if entry["slug"] == slug)


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """The cookies of the admins who have signed in: nobody may do so thirty times a minute."""
    return {}


@pytest.fixture
def log_in(
    workspace: Callable[[str], dict[str, Any]], signed_in: dict[str, Any]
) -> Callable[..., str]:
    """Log the admin of a demo workspace in and return the workspace's address."""

    def run(page: Page, slug: str = "acme") -> str:
        url = str(workspace(slug)["url"])
        if slug in signed_in:
            page.context.add_cookies(signed_in[slug])
            page.goto(f"{url}/")
            return url
        page.goto(f"{url}/login/")
        page.locator("[name=login]").fill(workspace(slug)["members"][0]["email"])
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(f"{url}/")
        signed_in[slug] = page.context.cookies(url)
        return url

    return run


@pytest.fixture
def read_mail(product: dict[str, Any], open_browser: Callable[..., Page]) -> Callable[[str], str]:
    """Return a function that waits for the mail to an address and returns what it says."""

    def run(email: str) -> str:
        page = open_browser()
        message = page.locator("main a", has_text=email)
        for _try in range(MAIL_TRIES):
            page.goto(f"{product['public_url']}/outbox/")
            if message.count():
                break
            page.wait_for_timeout(200)
        message.first.click()
        return str(page.locator("[data-mail]").inner_text())

    return run


@pytest.fixture
def invite(
    open_browser: Callable[..., Page], log_in: Callable[..., str], read_mail: Callable[[str], str]
) -> Callable[..., tuple[str, str]]:
    """Return a function that invites an admin; it tells the link in their mail and the workspace's address."""

    def run(slug: str = "acme") -> tuple[str, str]:
        admin, email = open_browser(), f"{word().lower()}@{slug}.example"
        url = log_in(admin, slug)
        return invite_one(admin, url, email, read_mail), url

    return run


@pytest.fixture
def join(
    open_browser: Callable[..., Page], invite: Callable[..., tuple[str, str]]
) -> Callable[..., tuple[Page, str]]:
    """Return a function that opens the window of an admin who has just joined, and the address.

    What a member prefers, stars, opens and keeps as a view is nobody else's.
    """

    def run(slug: str = "acme", **window: Any) -> tuple[Page, str]:
        link, url = invite(slug)
        page = open_browser(**window)
        accept(page, link, url)
        return page, url

    return run


@pytest.fixture
def issuer(product: dict[str, Any]) -> Iterator[str]:
    """A provider where the product may ask for one."""
    with run_server_in_thread(product["provider_port"]) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def own_workspace(product: dict[str, Any]) -> Callable[[str], tuple[str, str]]:
    """Return a function that makes a workspace in this language; its address and its owner's e-mail."""

    def make(language: str) -> tuple[str, str]:
        slug = f"sso{word().lower()}"
        command = ["manage.py", "create_workspace", slug, "--name", slug, "--email"]
        email = f"olga@{slug}.example"
        done = subprocess.run(
            [sys.executable, *command, email, "--language", language, "--password-stdin"],
            cwd=settings.BASE_DIR,
            env=product["environment"],
            input=f"{PASSWORD}\n",
            text=True,
            capture_output=True,
            check=True,
        )
        return done.stdout.split()[-1], email

    return make


def invite_one(admin: Page, url: str, email: str, read_mail: Callable[[str], str]) -> str:
    """Invite an admin; return the link in their mail."""
    admin.goto(f"{url}/settings/members/invite/")
    admin.locator("main [name=emails]").fill(email)
    # The roles begin with the owner.
    admin.locator("main [name=role]").select_option(index=1)
    admin.locator("main form.form button").last.click()
    expect(admin.locator("main tr", has_text=email)).to_be_visible()
    found = re.search(r"https?://\S+/join/\S+", read_mail(email))
    assert found
    return found[0]


def accept(page: Page, link: str, url: str) -> None:
    """Join by the link, with a password."""
    page.goto(link)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{url}/")


def word() -> str:
    """Return a name that nothing else has."""
    return secrets.token_hex(5).translate(LETTERS).capitalize()


@pytest.fixture
def ask(workspace: Callable[[str], dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Return a function that asks the API of a workspace, or gives it values."""

    def run(slug: str, place: str, values: dict[str, Any] | None = None) -> dict[str, Any]:
        address = urlsplit(workspace(slug)["url"])
        headers = {
            "Host": address.netloc,
            "Content-Type": "application/json",
            "Authorization": f"Bearer {workspace(slug)['api_key']}",
        }
        connection = HTTPConnection("127.0.0.1", address.port, timeout=30)
        method, content = ("GET", None) if values is None else ("POST", json.dumps(values))
        connection.request(method, f"/api/v1/{place}/", content, headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
        assert answer.status in (200, 201), said
        return dict(json.loads(said))

    return run


@pytest.fixture
def own_contacts(ask: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """Return a function that adds five contacts and returns the path of a list of them alone."""

    def run(slug: str = "acme", **values: Any) -> str:
        family = word()
        for given in GIVEN_NAMES:
            ask(slug, "contacts", {"given_name": given, "family_name": family, **values})
        return f"/contacts/?search={family}&sort=name"

    return run


@pytest.fixture
def own_companies(ask: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """Return a function that adds a company for each set of values and returns the path of their list."""

    def run(*sets: dict[str, Any], slug: str = "acme") -> str:
        group = word()
        for number, values in enumerate(sets, 1):
            ask(slug, "companies", {"name": f"{group} {number}", **values})
        return f"/companies/?search={group}&sort=name"

    return run


@pytest.fixture(scope="session")
def axe() -> str:
    return AXE.read_text()


@pytest.fixture
def scan(axe: str) -> Callable[..., list[str]]:
    """Return a function that lists the serious findings of an accessibility scan, by all or some rules."""

    def run(page: Page, *rules: str) -> list[str]:
        if not page.evaluate("'axe' in globalThis"):
            # Through the debugger, not as a page's script: the content policy would refuse it.
            page.evaluate(axe)
        page.evaluate(SETTLE)
        options = {"resultTypes": ["violations"], **({"runOnly": [*rules]} if rules else {})}
        return [
            f"{page.url} {found['id']}: {html[:160]} {summary}"
            for found in page.evaluate(RUN_AXE, options)
            for html, summary in found["nodes"][:NODES_TOLD]
        ]

    return run
