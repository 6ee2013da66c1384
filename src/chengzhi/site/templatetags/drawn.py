"""`{% drawn key ... %}…{% enddrawn %}`: a part of a page that is drawn once for what it depends on.

The keys must name everything that the part shows, apart from the language. Forms do not belong into
one: each visitor has a secret of their own in them.
"""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST = 500


class Drawn(template.Node):
    """A part of a template with what was drawn of it, at most so many: then it begins anew."""

    def __init__(self, keys: Sequence[FilterExpression], nodelist: NodeList) -> None:
        self.keys, self.nodelist = keys, nodelist
        self.kept: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = (get_language(), *(one.resolve(context) for one in self.keys))
        if key not in self.kept:
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = self.nodelist.render(context)
        return self.kept[key]


@register.tag
def drawn(parser: Parser, token: Token) -> Drawn:
    """Read the keys and the part."""
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("enddrawn",))
    parser.delete_first_token()
    return Drawn(keys, nodelist)
