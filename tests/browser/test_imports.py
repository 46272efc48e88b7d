"""A file comes in and goes out again, in both languages, on desk and phone."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import word
from tests.browser.keys import tab_to

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
DIRTY = """First name,Last name,E-mail,Company,Birthday
Bernadette,O'Shaughnessy,{name}@gmail,Kelvin Dairy,1980-05-12
Priya,Raghunathan,{name}.priya@meridian.example,Meridian Labs,3/4/1990
Ingrid,Thorvaldsdóttir,{name}.ingrid@esbjerg.example,Esbjerg Process,soon
"""
WORDS = {
    "acme": {
        "upload": "Upload", "match": "Match columns", "options": "Options", "check": "Check",
        "correct": "Correct", "skip": "Skip row", "undo": "Undo", "import": "Import 2 rows",
        "undo import": "Undo import", "export": "Export", "use": "Use",
    },
    "huaxia": {
        "upload": "上传", "match": "匹配列", "options": "选项", "check": "检查",
        "correct": "改正", "skip": "跳过此行", "undo": "撤销", "import": "导入 2 行",
        "undo import": "撤销导入", "export": "导出", "use": "改为",
    },
}  # fmt: skip
WINDOWS = [
    pytest.param("acme", DESK, "light", id="en-desk"),
    pytest.param("acme", PHONE, "dark", id="en-phone-dark"),
    pytest.param("huaxia", DESK, "dark", id="zh-desk-dark"),
    pytest.param("huaxia", PHONE, "light", id="zh-phone"),
]


def fits(page) -> bool:
    """Nothing is wider than the window."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return width <= page.viewport_size["width"]


def main_button(page, name: str):
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


def bring(page, url: str, name: str, words: dict[str, str], look) -> None:
    """Walk from the first step to the check, looking at each."""
    page.goto(f"{url}/import/?type=contact")
    look()
    content = DIRTY.format(name=name).encode()
    file = {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("[name=file]").set_input_files(file)
    main_button(page, words["upload"]).click()
    for step, button in (("file", "match"), ("map", "options"), ("options", "check")):
        page.wait_for_url(f"**/{step}/")
        look()
        main_button(page, words[button]).click()
    page.wait_for_url("**/check/")
    look()


@pytest.mark.parametrize(("slug", "size", "scheme"), WINDOWS)
def test_a_dirty_file_comes_in_and_is_taken_back(open_browser, log_in, scan, slug, size, scheme):
    page = open_browser(**size, scheme=scheme, locale="en-GB" if slug == "acme" else "zh-CN")
    url, words = log_in(page, slug), WORDS[slug]
    name = word().lower()
    findings: list[str] = []

    def look() -> None:
        assert fits(page), page.url
        findings.extend(scan(page))

    bring(page, url, name, words, look)
    rows = page.locator("main li[id^=row-]")
    expect(rows).to_have_count(3)
    rows.nth(0).get_by_role("button", name=f"{words['use']} {name}@gmail.com").click()
    expect(rows).to_have_count(2)
    rows.nth(0).get_by_role("textbox").fill("1990-04-03")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    rows.nth(0).get_by_role("button", name=words["skip"]).click()
    expect(rows).to_have_count(0)
    # Its row on the list of what was done, with the way back.
    expect(page.get_by_role("main").get_by_role("button", name=re.compile("4"))).to_be_visible()
    look()
    check = page.url.partition("?")[0]
    page.goto(f"{check}?show=created")
    look()

    main_button(page, words["import"]).click()
    page.wait_for_url("**/run/")
    expect(main_button(page, words["undo import"])).to_be_visible(timeout=30_000)
    look()
    run, brought = page.url, f"{url}/contacts/?search={name}@gmail.com"
    page.goto(brought)
    expect(page.locator("[data-rows] tbody tr[data-href]")).to_have_count(1)
    page.goto(run)
    main_button(page, words["undo import"]).click()
    page.wait_for_url("**/history/**")
    page.goto(f"{url}/import/history/")
    look()
    page.goto(brought)
    expect(page.locator("[data-rows] tbody tr[data-href]")).to_have_count(0)
    assert findings == []


@pytest.mark.parametrize(("slug", "size", "scheme"), WINDOWS)
def test_a_list_goes_out_as_a_file(open_browser, log_in, scan, tmp_path, slug, size, scheme):
    page = open_browser(**size, scheme=scheme, locale="en-GB" if slug == "acme" else "zh-CN")
    url, words = log_in(page, slug), WORDS[slug]
    page.goto(f"{url}/companies/export/?sort=-name")
    assert fits(page)
    assert scan(page) == []

    with page.expect_download() as waiting:
        main_button(page, words["export"]).click()
    path = Path(tmp_path / "out.csv")
    waiting.value.save_as(path)

    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    page.goto(f"{url}/companies/?sort=-name")
    first = page.locator("[data-rows] tbody tr[data-href]").first
    assert rows[1][0] == first.get_attribute("data-name")


def test_the_wizard_needs_no_mouse(open_browser, log_in):
    page = open_browser()
    url = log_in(page)
    page.goto(f"{url}/import/?type=contact")
    file = {
        "name": "keys.csv",
        "mimeType": "text/csv",
        "buffer": DIRTY.format(name="keys").encode(),
    }
    page.locator("[name=file]").set_input_files(file)
    for step in ("", "file", "map", "options"):
        if step:
            page.wait_for_url(f"**/{step}/")
        page.get_by_role("main").locator("form:not([id]) button[type=submit]").last.focus()
        page.keyboard.press("Enter")
    page.wait_for_url("**/check/")

    field = page.get_by_label("Birthday").first
    field.focus()
    field.fill("1990-04-03")
    page.keyboard.press("Enter")
    expect(page.locator("main li[id^=row-]")).to_have_count(2)
    row = page.locator("main li[id^=row-]").first
    tab_to(page, row.get_by_role("button", name="Skip row"))
    page.keyboard.press("Enter")
    expect(page.locator("main li[id^=row-]")).to_have_count(1)


def test_a_mapping_is_saved_renamed_and_deleted(open_browser, log_in, scan):
    page = open_browser(**PHONE, scheme="dark")
    url = log_in(page)
    page.goto(f"{url}/import/?type=contact")
    file = {"name": "m.csv", "mimeType": "text/csv", "buffer": b"Vorname,Foo\nAda,1\n"}
    page.locator("[name=file]").set_input_files(file)
    main_button(page, "Upload").click()
    main_button(page, "Match columns").click()
    name, renamed = word(), word()
    page.get_by_label("Save this mapping as").fill(name)
    main_button(page, "Options").click()
    page.wait_for_url("**/options/")
    page.goto(f"{url}/import/mappings/")
    assert fits(page)
    assert scan(page) == []

    field = page.get_by_label(f"Name of “{name}”")
    field.fill(renamed)
    page.locator("main li", has=field).get_by_role("button", name="Rename").click()
    delete = page.get_by_role("button", name=f"Delete {renamed}")
    expect(delete).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        delete.click()
    page.goto(f"{url}/import/mappings/")
    expect(page.get_by_role("heading", name="Saved mappings", exact=True)).to_be_visible()
    expect(delete).to_have_count(0)
