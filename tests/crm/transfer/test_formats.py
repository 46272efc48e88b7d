"""Whatever kind of file people bring, its rows come in as the program that wrote it shows them."""

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.transfer.models import Import
from crm.transfer.operations import choose_layout, upload
from crm.transfer.reading.table import BadFile, Layout
from tenants.members.models import User
from tests.conftest import nothing_written
from tests.crm.transfer.conftest import Bring, counts, reasons, record_type

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "cp1252")


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    """Return a workbook as another program writes it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_are_recognised(bring: Bring, encoding: str) -> None:
    name = "Müller & Söhne" if encoding == "cp1252" else "上海贸易有限公司"
    rows = "".join(f"{name} {number},Zürich\n" for number in range(3))
    if encoding == "gb18030":
        rows = rows.replace("Zürich", "北京市")

    the_import = bring(f"name,city\n{rows}".encode(encoding), type="company")

    assert counts(the_import) == (3, 0, 0, 0)
    assert Company.objects.filter(name=f"{name} 0").exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_recognised(bring: Bring, delimiter: str) -> None:
    the_import = bring(
        delimiter.join(("name", "employees")) + "\n" + delimiter.join(("A", "5")) + "\n",
        type="company",
    )

    assert Layout.from_json(the_import.layout).delimiter == delimiter
    assert Company.objects.get().employees == 5


def test_encoding_and_delimiter_can_be_chosen_instead(alice: User) -> None:
    actor = alice.as_actor()
    content = "name;city, or town\nMüller;Köln\n".encode("cp1252")
    the_import = upload([content], record_type=record_type("company"), file_name="a", actor=actor)

    changed = choose_layout(the_import, choices={"delimiter": ","}, actor=actor)

    assert [each["column"] for each in changed.mapping["columns"]] == ["name;city", "or town"]
    with nothing_written(Import), pytest.raises(BadFile, match="not in UTF-8"):
        choose_layout(the_import, choices={"encoding": "utf-8"}, actor=actor)


def test_a_workbook_shows_days_numbers_and_results_as_people_read_them(bring: Bring) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["given name", "family name", "email", "birthday", "description", "do not call"])
    sheet.append(["Ada", 1815, "ada@x.example", date(1975, 12, 10), 0.1, True])
    sheet.append(["Ben", "", "ben@x.example", date(1980, 1, 2), 12345678901, False])
    written = io.BytesIO()
    book.save(written)

    the_import = bring(written.getvalue(), name="people.xlsx")

    assert counts(the_import) == (2, 0, 0, 0)
    ada = Contact.objects.get(do_not_call=True)
    assert (ada.family_name, ada.birthday, ada.description) == ("1815", date(1975, 12, 10), "0.1")
    ben = Contact.objects.get(do_not_call=False)
    assert (ben.birthday, ben.description) == (date(1980, 1, 2), "12345678901")


def test_formulas_count_by_their_last_result_and_failed_ones_are_refused(bring: Bring) -> None:
    content = _with_sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>employees</t></is></c></row>'
        '<row r="2"><c r="A2" t="str"><f>HYPERLINK("http://x")</f><v>Initech</v></c>'
        '<c r="B2"><f>2+3</f><v>5</v></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>Hooli</t></is></c>'
        '<c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )

    the_import = bring(content, type="company", name="a.xlsx")

    assert Company.objects.get().employees == 5
    assert reasons(the_import) == {
        4: ["employees: The formula of this cell gave no value. Write the value itself."]
    }


def _with_sheet(rows: str) -> bytes:
    """Return a workbook with these rows, as XML."""
    written = io.BytesIO(workbook(("Rows", [["x"]])))
    made = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part.endswith("sheet1.xml"):
                main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
                content = (
                    f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'.encode()
                )
            target.writestr(part, content)
    return made.getvalue()


def test_the_sheet_can_be_chosen(alice: User) -> None:
    content = workbook(
        ("Empty", []), ("People", [["email"], ["a@x.example"]]), ("Firms", [["name"], ["A"], ["B"]])
    )
    actor = alice.as_actor()
    the_import = upload(
        [content], record_type=record_type("company"), file_name="a.xlsx", actor=actor
    )
    assert Layout.from_json(the_import.layout).sheet == "People"

    changed = choose_layout(the_import, choices={"sheet": "Firms"}, actor=actor)

    assert [each["field"] for each in changed.mapping["columns"]] == ["name"]


CARDS = """\
BEGIN:VCARD\r
VERSION:3.0\r
N:Lovelace;Ada;Byron;;\r
FN:Ada Byron Lovelace\r
ORG:Analytical Engines\\, Ltd.;Research\r
TITLE:Countess\r
EMAIL;TYPE=INTERNET,HOME:ada@home.example\r
item1.EMAIL;TYPE=pref:ada@work.example\r
item1.X-ABLabel:_$!<Work>!$_\r
TEL;TYPE=CELL:+44 7700 900123\r
ADR;TYPE=WORK:;;12 Long Lane;London;;EC1A 9PN;United Kingdom\r
BDAY:1975-12-10\r
NOTE:First line\\nsecond\\; line that is so long that it has to be folded once,\r
  and once more\r
CATEGORIES:Maths,Pioneers\r
PHOTO;ENCODING=b:AAAA\r
 BBBB\r
END:VCARD\r
"""


def test_cards_come_in_with_lists_labels_and_folded_lines(bring: Bring) -> None:
    the_import = bring(CARDS, name="ada.vcf")

    assert counts(the_import) == (1, 0, 0, 0)
    ada = Contact.objects.get()
    assert (ada.given_name, ada.family_name) == ("Ada Byron", "Lovelace")
    assert [(each.email, each.label) for each in ada.listed("emails")] == [
        ("ada@work.example", "work"),
        ("ada@home.example", "home"),
    ]
    assert [(each.number, each.label) for each in ada.listed("phones")] == [
        ("+447700900123", "mobile")
    ]
    [address] = ada.listed("addresses")
    assert (address.street, address.city, address.country) == ("12 Long Lane", "London", "GB")
    assert [each.company.name for each in ada.listed("affiliations")] == [
        "Analytical Engines, Ltd."
    ]
    assert ada.birthday == date(1975, 12, 10)
    assert ada.description.startswith("First line\nsecond; line")
    assert ada.description.endswith("once, and once more")
    assert {tag.name for tag in ada.tag_list} == {"Maths", "Pioneers"}


def test_old_cards_are_read_in_their_character_set(bring: Bring) -> None:
    name = "".join(f"={byte:02X}" for byte in "王;小明;;;".encode("gb18030"))
    card = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\n"
        f"N;CHARSET=GB18030;ENCODING=QUOTED-PRINTABLE:{name[:30]}=\r\n{name[30:]}\r\n"
        "TEL;CELL;VOICE:+8613800138000\r\nEND:VCARD\r\n"
    )

    bring(card, name="wang.vcf")

    contact = Contact.objects.get()
    assert (contact.family_name, contact.given_name) == ("王", "小明")


def test_version_four_says_which_is_preferred(bring: Bring) -> None:
    card = (
        'BEGIN:VCARD\nVERSION:4.0\nFN:Grace Hopper\nTEL;VALUE=uri;TYPE="voice,home":tel:+12025550100\n'
        "TEL;PREF=1;TYPE=work;VALUE=uri:tel:+12025550101\nBDAY:19061209\nEND:VCARD\n"
    )

    bring(card, name="grace.vcf")

    grace = Contact.objects.get()
    assert (grace.given_name, grace.family_name) == ("Grace", "Hopper")
    assert [each.label for each in grace.listed("phones")] == ["work", "home"]
    assert grace.birthday == date(1906, 12, 9)


def _bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * 2**20))
    return written.getvalue()


def _locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")


BAD = {
    "bomb": (_bomb, "many times larger than any table"),
    "password": (_locked, "locked with a password"),
    "cut off": (lambda: workbook(("A", [["name"], ["B"]]))[:900], "damaged or was cut off"),
    "no workbook": (lambda: _packed("readme.txt"), "no Excel workbook"),
    "called a workbook": (lambda: b"\0\1\2\3" * 300, "called a workbook and is none"),
    "cards cut off": (lambda: CARDS[:-14].encode(), "last card of the file is not finished"),
}


def _packed(name: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, "hello")
    return written.getvalue()


@pytest.mark.parametrize("kind", BAD)
def test_bad_workbooks_and_cards_are_refused_with_a_sentence(kind: str, alice: User) -> None:
    make, sentence = BAD[kind]

    with nothing_written(Import), pytest.raises(BadFile, match=sentence):
        upload(
            [make()],
            record_type=record_type("contact"),
            file_name="x.xlsx",
            actor=alice.as_actor(),
        )


def test_declared_entities_are_refused(alice: User) -> None:
    content = _with_sheet("")
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.namelist():
            text = source.read(part)
            if part == "xl/workbook.xml":
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text
            target.writestr(part, text)

    with nothing_written(Import), pytest.raises(BadFile, match="damaged"):
        upload(
            [made.getvalue()],
            record_type=record_type("contact"),
            file_name="x.xlsx",
            actor=alice.as_actor(),
        )
