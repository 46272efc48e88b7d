"""What people typed never becomes markup, however quickly it is put together."""

from django.utils.safestring import mark_safe

from core.ui.markup import joined, markup
from core.ui.tables import sort_head

EVIL = "<script>\"'&"
HARMLESS = "&lt;script&gt;&quot;&#x27;&amp;"


def test_values_are_escaped_and_markup_is_kept():
    assert markup("<b>{}</b>{}", EVIL, mark_safe("<i>")) == f"<b>{HARMLESS}</b><i>"
    assert markup("{name} {name}", name=EVIL) == f"{HARMLESS} {HARMLESS}"
    assert joined([EVIL, mark_safe("<i>"), 7], "<br>") == f"{HARMLESS}<br><i><br>7"


def test_the_result_is_not_escaped_again():
    assert markup("<p>{}</p>", markup("<b>{}</b>", "{}")) == "<p><b>{}</b></p>"


def test_a_head_leads_to_the_next_order_and_says_the_present_one():
    head = sort_head(EVIL, url="?sort=a&b", sorted="descending", target="records")

    assert HARMLESS in head
    assert 'href="?sort=a&amp;b"' in head
    assert 'hx-target="#records"' in head
    assert 'aria-sort="descending"' in head


def test_a_head_that_does_not_sort_is_only_read():
    assert "<a " not in sort_head("Tags", icon="lock")
