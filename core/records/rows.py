"""A record as a row of a table or a card of a board, as markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.records.addresses import address_of
from core.records.cells import shown
from core.records.registry import Column, Kind, RecordType
from core.ui.marks import NOTHING, avatar
from core.ui.markup import joined, markup

# The tools' icons are drawn once on the page; every row points at them.
ROW = """<tr data-href="{url}" data-id="{pk}" data-name="{title}">
<td class="pick"><input type="checkbox" class="input" name="ids" value="{pk}" form="bulk" aria-label="{select} {title}"></td>
<th scope="row" class="max-w-64 text-start font-medium max-md:h-14! max-md:w-full! max-md:max-w-0">
<a href="{url}{said}" class="flex items-center gap-2 hover:underline">\
{avatar}\
<span class="min-w-0"><span class="block truncate" title="{title}">{title}</span>{secondary}</span></a>
</th>
{cells}
<td class="tools"><span><a class="btn" data-variant="ghost" data-size="icon-xs" href="{url}preview/" data-preview aria-label="{preview} {title}" title="{preview}">\
<svg class="size-4" aria-hidden="true"><use href="#glyph-preview"/></svg></a>\
<button type="button" class="btn" data-variant="ghost" data-size="icon-xs" popovertarget="row-menu" data-menu aria-haspopup="menu" aria-label="{actions} {title}" title="{actions}">\
<svg class="size-4" aria-hidden="true"><use href="#glyph-more"/></svg></button></span></td>
</tr>
"""
SECONDARY = (
    '<span class="block truncate text-xs font-normal text-muted-foreground md:hidden">{}</span>'
)
CARD = """<li><article class="deal" data-href="{url}" data-id="{pk}" data-name="{title}">
<div class="flex items-start gap-1"><h3 class="min-w-0 flex-1 leading-snug font-medium"><a href="{url}" class="hover:underline">{title}</a></h3>\
<button type="button" class="btn -my-0.5 -me-1" data-variant="ghost" data-size="icon-xs" popovertarget="move-menu" data-menu data-move aria-haspopup="menu" aria-label="{move} {title}" title="{move}">\
<svg class="size-4" aria-hidden="true"><use href="#glyph-more"/></svg></button></div>
{secondary}{facts}{owner}
</article></li>
"""
CARD_SECONDARY = '<p class="truncate text-xs text-muted-foreground">{}</p>'
CARD_FACTS = '<p class="flex flex-wrap items-center gap-1.5 pt-0.5 text-xs">{}</p>'
CARD_OWNER = (
    '<p class="flex items-center gap-1.5 border-t pt-1.5 text-xs text-muted-foreground">{}</p>'
)
ON_CARDS: tuple[Kind, ...] = ("money", "tags")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: the record's id and name, and the whole row as markup."""

    pk: str
    title: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as a table shows it: whether its width is chosen, and whether cells can be edited."""

    column: Column
    has_width: bool = False
    is_editable: bool = False

    @property
    def opening(self) -> str:
        """The tag that begins each of its cells."""
        column = self.column
        fitted = " max-w-0! truncate" if self.has_width else ""
        edits = f' data-edit="{column.edits}" tabindex="-1"' if self.is_editable else ""
        return f'<td class="{column.cell_classes}{fitted}"{edits}>'


def rows_of(
    records: Sequence[Any], record_type: RecordType, columns: Sequence[Shown], *, said: str = ""
) -> list[Row]:
    """Return the records as rows of a table with these columns; the name stands before them.

    `said` follows each record's address: which list it is opened from.
    """
    openings = [(each.column, each.opening) for each in columns if each.column.kind != "name"]
    words = {**_words(get_language())}
    words["said"] = f"?{said}" if said else ""
    return [_row(record, record_type, openings, words) for record in records]


def _row(
    record: Any,
    record_type: RecordType,
    openings: Sequence[tuple[Column, str]],
    words: dict[str, str],
) -> Row:
    title, pk = str(record), str(record.pk)
    secondary = str(record_type.listing.secondary(record))
    html = markup(
        ROW,
        url=address_of(record_type.url_name(), record.pk),
        pk=pk,
        avatar=avatar(title, size="sm", person=record_type.page.is_person),
        title=title,
        secondary=markup(SECONDARY, secondary) if secondary else "",
        cells=SafeString(
            "".join(f"{opening}{shown(column, record)}</td>" for column, opening in openings)
        ),
        **words,
    )
    return Row(pk, title, html)


def card_of(record: Any, record_type: RecordType, columns: Sequence[Column]) -> Row:
    """Return the record as a card of a board."""
    title, pk = str(record), str(record.pk)
    secondary = str(record_type.listing.secondary(record))
    facts = [shown(each, record) for each in columns if each.kind in ON_CARDS]
    owner = [shown(each, record) for each in columns if each.kind == "member"]
    html = markup(
        CARD,
        url=address_of(record_type.url_name(), record.pk),
        pk=pk,
        title=title,
        move=_words(get_language())["actions"],
        secondary=markup(CARD_SECONDARY, secondary) if secondary else "",
        facts=_line(CARD_FACTS, facts),
        owner=_line(CARD_OWNER, owner),
    )
    return Row(pk, title, html)


def _line(pattern: str, parts: Sequence[SafeString]) -> SafeString | str:
    said = [part for part in parts if part != NOTHING]
    return markup(pattern, joined(said)) if said else ""


@cache
def _words(language: str | None) -> dict[str, str]:
    return {"select": _("Select"), "preview": _("Preview"), "actions": _("Actions for")}
