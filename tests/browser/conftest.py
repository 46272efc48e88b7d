"""The whole product, started as people start it, and a real browser in front of it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from config.demo.workspaces import PASSWORD

START_SECONDS = 120
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
AXE = Path(settings.BASE_DIR) / "frontend/node_modules/axe-core/axe.min.js"
# What one scheme may get wrong and the other right, and what one language may.
COLOURS = ("color-contrast", "link-in-text-block")
LANGUAGE = ("document-title", "html-has-lang", "html-lang-valid", "valid-lang")
NODES_TOLD = 3
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
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A running demo with data of its own; what demo.json says of it."""
    home = tmp_path_factory.mktemp("product")
    known = ("DATABASE_URL", "DATABASE_OWNER_URL", "VAULT_DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in known}
    environment |= {"ATRIUM_ENV": "demo", "ATRIUM_HOME": str(home), "PORT": str(_free_port())}
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--companies", "60"],
            cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait(home, process)
            yield json.loads((home / "demo.json").read_text()) | {"log": home / "log"}
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(home: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "Ctrl-C stops it" not in (home / "log").read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail("The demo did not start:\n" + (home / "log").read_text()[-4000:])
        time.sleep(0.2)


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
    """Return a fresh browser window of this size, language and scheme; its console is listened to."""
    contexts: list[BrowserContext] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text}")

    def open_window(
        width: int = 1440, height: int = 900, locale: str = "en-GB", scheme: Any = "light"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=locale, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
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


@pytest.fixture
def log_in(workspace: Callable[[str], dict[str, Any]]) -> Callable[..., str]:
    """Log the admin of a demo workspace in and return the workspace's address."""

    def run(page: Page, slug: str = "acme") -> str:
        url = workspace(slug)["url"]
        page.goto(f"{url}/login/")
        page.locator("[name=login]").fill(workspace(slug)["members"][0]["email"])
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(f"{url}/")
        return str(url)

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
        options = {"resultTypes": ["violations"], **({"runOnly": [*rules]} if rules else {})}
        return [
            f"{page.url} {found['id']}: {html[:160]} {summary}"
            for found in page.evaluate(RUN_AXE, options)
            for html, summary in found["nodes"][:NODES_TOLD]
        ]

    return run
