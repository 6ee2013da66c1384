"""`{% url %}` and `{% static %}` of a plain name, looked up once: a page has some sixty of them.

Templates get them without asking: see `TEMPLATES` in the settings.
"""

from typing import Any

from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags.static import StaticNode
from django.templatetags.static import register as library
from django.urls import get_script_prefix, get_urlconf


class KeptUrl(URLNode):
    """The address of a page that needs no argument, kept for each address book."""

    def render(self, context: Context) -> str:
        key = (get_urlconf(), get_script_prefix())
        if key not in self.known:
            self.known[key] = super().render(context)
        return self.known[key]

    known: dict[tuple[str | None, str], str]


class KeptStatic(StaticNode):
    """The address of a file of ours."""

    def render(self, context: Context) -> str:
        if self.known is None:
            self.known = super().render(context)
        return self.known

    known: str | None


def url(parser: Parser, token: Token) -> Any:
    """Return the node of `{% url %}`: kept if it names a page without arguments."""
    node: Any = django_url(parser, token)
    if node.asvar or node.args or node.kwargs or not _is_plain(node.view_name):
        return node
    node.__class__, node.known = KeptUrl, {}
    return node


def static(parser: Parser, token: Token) -> Any:
    """Return the node of `{% static %}`: kept if it names a file."""
    node: Any = StaticNode.handle_token(parser, token)
    if node.varname or not _is_plain(node.path):
        return node
    node.__class__, node.known = KeptStatic, None
    return node


def _is_plain(expression: Any) -> bool:
    return isinstance(expression.var, str) and not expression.filters


register = type(library)()
register.tags = {**library.tags, "static": static, "url": url}
register.filters = dict(library.filters)
