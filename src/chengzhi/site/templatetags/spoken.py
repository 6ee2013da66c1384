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

    def __init__(self, word: Any) -> None:
        super().__init__(word, noop=False)
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.said:
            self.said[language] = super().render(context)
        return self.said[language]


def translate(parser: Parser, token: Token) -> Any:
    """Return the node of `{% translate %}`: kept if it says one plain word, else Django's own."""
    node: Any = do_translate(parser, token)
    word = node.filter_expression
    is_plain = isinstance(word.var.literal, str) and not word.filters
    is_plain = is_plain and not (node.asvar or node.message_context or node.noop)
    return Spoken(word) if is_plain else node


register = type(library)()
register.tags = {**library.tags, "translate": translate, "trans": translate}
register.filters = dict(library.filters)
