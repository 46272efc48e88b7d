"""Writing an Excel workbook piece by piece: nothing of it waits in memory or on disk."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from crm.transfer.export.columns import Columns
from crm.transfer.harmless import marked_again

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
ROWS_PER_PIECE = 200
# What XML cannot hold, and what Excel would read as such.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
# More digits than these a spreadsheet would round.
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,12})(\.\d{1,2})?")

PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
SHEET = "xl/worksheets/sheet1.xml"
BEFORE = (
    f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultColWidth="18" defaultRowHeight="15"/><sheetData>'
)
AFTER = "</sheetData></worksheet>"


class _Pipe(io.RawIOBase):
    """What the archive writes, until it is handed on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        content = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(content)
        return len(content)

    def taken(self) -> bytes:
        content = b"".join(self._pieces)
        self._pieces.clear()
        return content


def write_workbook(columns: Columns, rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Yield a workbook of one sheet; what is a number stays one, and nothing is a formula."""
    pipe = _Pipe()
    numeric = [field.is_number for field in columns.fields]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, HEAD + text)
        with archive.open(SHEET, "w") as sheet:
            sheet.write((HEAD + BEFORE + _row(columns.labels, [False] * len(numeric), 1)).encode())
            pending: list[str] = []
            for row in rows:
                pending.append(_row(row, numeric, 0))
                if len(pending) >= ROWS_PER_PIECE:
                    sheet.write("".join(pending).encode())
                    pending.clear()
                    yield pipe.taken()
            sheet.write(("".join(pending) + AFTER).encode())
    yield pipe.taken()


def _row(texts: Iterable[str], numeric: Iterable[bool], style: int) -> str:
    pairs = zip(texts, numeric, strict=True)
    return f"<row>{''.join(_cell(text, is_number, style) for text, is_number in pairs)}</row>"


def _cell(text: str, is_number: bool, style: int) -> str:
    styled = f' s="{style}"' if style else ""
    if not text:
        return f"<c{styled}/>"
    if is_number and _NUMBER.fullmatch(text):
        return f"<c{styled}><v>{text}</v></c>"
    inside = escape(_UNWRITABLE.sub(_escaped, marked_again(text)))
    return f'<c{styled} t="inlineStr"><is><t xml:space="preserve">{inside}</t></is></c>'


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"
