"""The heads of sortable columns, in lists and wherever else rows are sorted by a click."""

from django.utils.safestring import SafeString

from core.ui.icons import render_icon
from core.ui.markup import markup

ON_WIDE_SCREENS = "max-md:hidden"
ARROWS = {"ascending": {"icon": "chevron-up"}, "descending": {"icon": "chevron-down"}}
INSIDE = "inline-flex items-center gap-1"


def sort_head(
    label: object,
    *,
    url: str = "",
    sorted: str = "",
    align: str = "text-start",
    classes: str = "",
    icon: str = "",
    target: str = "",
    name: str = "",
) -> SafeString:
    """Return a column's head. `name` lets scripts know which column it is.

    `url` leads to the next order, `sorted` says ascending or descending, `align` is num for
    numbers, and `target` the id of the part of the page that changes, if it is not all of it.
    """
    inner = markup("{}{}{}", _small(icon), label, _small(**ARROWS.get(sorted, {})))
    return markup(
        '<th scope="col" class="{} {}"{}{}>{}</th>',
        align,
        classes or ON_WIDE_SCREENS,
        markup(' data-column="{}"', name) if name else "",
        markup(' aria-sort="{}"', sorted) if sorted else "",
        _clickable(inner, url, target),
    )


def _clickable(inner: SafeString, url: str, target: str) -> SafeString:
    if not url:
        return markup('<span class="{}">{}</span>', INSIDE, inner)
    swaps = ' hx-get="{}" hx-target="#{}" hx-swap="outerHTML" hx-push-url="true"'
    swap = markup(swaps, url, target) if target else ""
    link = '<a href="{}"{} class="{} hover:text-foreground">{}</a>'
    return markup(link, url, swap, INSIDE, inner)


def _small(icon: str = "") -> SafeString | str:
    return render_icon(icon, classes="size-3", label="") if icon else ""
