"""`translate` as Django has it, but a text is looked up once in each language, not whenever it is shown.

A page has two or three hundred of them; looking them all up takes longer than its queries.
"""

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

register = template.Library()


class Remembered(template.Node):
    """A text without variables; what it says depends on nothing but the language."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self.node = node
        self.said: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        key = get_language(), context.autoescape
        if key not in self.said:
            self.said[key] = self.node.render(context)
        return self.said[key]


@register.tag
def translate(parser: Parser, token: Token) -> template.Node:
    """Show a text in the reader's language: Django's own tag, options and all."""
    node = do_translate(parser, token)
    text = node.filter_expression
    has_options = node.noop or node.asvar or node.message_context or text.filters
    return node if has_options or text.var.literal is None else Remembered(node)
