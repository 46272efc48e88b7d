"""Template words of record pages."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from core.records import cells

register = template.Library()
SHOWN = {"status": cells.status, "tag": cells.tag, "member": cells.member}


@register.simple_tag
def cell(kind: str, value: Any) -> SafeString:
    """Show one value as lists show its kind: status, tag, member."""
    return SHOWN[kind](value)
