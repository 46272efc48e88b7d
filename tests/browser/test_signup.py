"""From the front page to the first imported company, by following only what the screen says."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

FILES = {
    "en-GB": "account,sector,office_location,subsidiary_of\nInitrode,technolgy,Kenya,\nInitech,software,Philipines,Initrode\n",
    "zh-CN": "公司名称,行业,国家,上级公司\n华东精密,制造业,中国,\n远航电子,软件,中国,华东精密\n",
}
COMPANIES = {"en-GB": ("Initech", "Initrode"), "zh-CN": ("远航电子", "华东精密")}
NAMES = {"en-GB": ("Halden Instruments", "halden"), "zh-CN": ("云栖数据", "yunqi")}


def code_in(mail: str) -> str:
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail)
    assert code
    return code[0]


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_company_signs_up_and_imports_its_customers(
    open_browser: Any, read_mail: Any, product: dict[str, Any], tmp_path: Any, locale: str
) -> None:
    page = open_browser(locale=locale)
    public_url, (name, slug) = product["public_url"], NAMES[locale]
    page.goto(public_url)
    email = f"founder@{slug}.example"
    page.locator("[name=email]").fill(email)
    page.locator("main form button").click()
    page.wait_for_url("**/signup/code/")
    page.locator("[name=code]").fill(code_in(read_mail(email)))

    page.wait_for_url("**/signup/workspace/")
    page.locator("[name=name]").fill(name)
    page.locator("[name=slug]").fill(slug)
    expect(page.locator("[role=status] .text-success")).to_be_visible()
    page.locator("[name=password]").fill("a sentence nobody guesses")
    page.locator("[name=agreed]").check()
    page.locator("main form button[type=submit], main form button:not([type])").last.click()

    page.wait_for_url(f"**://{slug}.localhost:*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.locator("main ol a.btn").first.click()

    page.wait_for_url("**/import/")
    file = tmp_path / "customers.csv"
    file.write_text(FILES[locale], encoding="utf-8")
    page.locator("[name=type][value=company]").check()
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]").click()
    for step in ("file", "map", "options"):
        page.wait_for_url(f"**/{step}/")
        page.locator("main footer button[type=submit]").last.click()
    page.wait_for_url("**/check/")
    page.locator("main footer button[type=submit]").last.click()
    child, parent = COMPANIES[locale]
    expect(page.locator(".note[data-tone=success]")).to_be_visible(timeout=15_000)
    page.locator("main a.btn[href*='/companies/']").first.click()
    page.wait_for_url(re.compile("/companies/"))
    page.get_by_role("link", name=child).first.click()
    expect(page.get_by_role("link", name=parent).first).to_be_visible()
