"""The pictures of the README: taken by the tests, so that they show what there is."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.browser.keys import RECORD

COMPANIES = (
    "account,sector,office_location,subsidiary_of,employees\n"
    "Meridian Labs,technolgy,United Kingdom,,420\n"
    "Kelvin Dairy,food,Irelnad,Meridian Labs,85\n"
    "Halden Optics,electronics,Norway,,\n"
    ",retail,Kenya,,12\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where pictures go: into the documents when they are wanted, else nowhere."""
    return Path(settings.BASE_DIR) / "docs/images" if os.environ.get("PICTURES") else tmp_path


def picture_of_import(page: Any, url: str, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "companies.csv"
    file.write_text(COMPANIES, encoding="utf-8")
    page.goto(f"{url}/import/")
    page.locator("[name=type][value=company]").check()
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]").click()
    for step in ("file", "map", "options"):
        page.wait_for_url(f"**/{step}/")
        page.locator("main footer button[type=submit]").last.click()
    page.wait_for_url("**/check/")
    page.screenshot(path=folder / "import.png")


def picture_of_list(page: Any, url: str, path: Path) -> None:
    page.goto(f"{url}/contacts/")
    page.screenshot(path=path)


def test_the_readme_has_pictures_of_what_there_is(
    open_browser: Any, log_in: Any, product: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    page = open_browser(width=1280, height=800)
    page.goto(product["public_url"])
    page.screenshot(path=folder / "start.png")
    url = log_in(page)
    picture_of_list(page, url, folder / "contacts.png")
    page.locator("table tbody a").first.click()
    page.wait_for_url(RECORD)
    page.screenshot(path=folder / "contact.png")
    picture_of_import(page, url, folder, tmp_path)

    dark = open_browser(width=1280, height=800, locale="zh-CN", scheme="dark")
    picture_of_list(dark, log_in(dark, "huaxia"), folder / "contacts-zh-dark.png")
    phone = open_browser(width=390, height=760)
    picture_of_list(phone, log_in(phone, "huaxia"), folder / "phone.png")

    assert {path.stat().st_size > 10_000 for path in folder.glob("*.png")} == {True}
