"""Django's tags of translation, with `{% translate %}` of a plain word looked up once per language.

A page says some hundred words; to look each up anew, through lazy texts and a chain of catalogues,
was an eighth of the time of drawing it. Templates load it as `i18n`: see `TEMPLATES` in the settings.
"""

from typing import Any

from django.template.base import Parser, Token
from django.template.context import Context
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.i18n import register as library
from django.utils.translation import get_language


class Spoken(TranslateNode):
    """A word of a template, kept in each language once it was said."""

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.said:
            self.said[language] = super().render(context)
        return self.said[language]

    said: dict[str | None, str]


def translate(parser: Parser, token: Token) -> Any:
    """Return the node of `{% translate %}`: kept if it says one plain word, else Django's own."""
    node: Any = do_translate(parser, token)
    is_plain = (
        isinstance(node.filter_expression.var.literal, str) and not node.filter_expression.filters
    )
    if not is_plain or node.asvar or node.message_context or node.noop:
        return node
    node.__class__, node.said = Spoken, {}
    return node


register = type(library)()
register.tags = {**library.tags, "translate": translate, "trans": translate}
register.filters = dict(library.filters)
