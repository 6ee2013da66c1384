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

    def __init__(self, view_name: Any) -> None:
        super().__init__(view_name, [], {}, None)
        self.known: dict[tuple[str | None, str], str] = {}

    def render(self, context: Context) -> str:
        key = (get_urlconf(), get_script_prefix())
        if key not in self.known:
            self.known[key] = super().render(context)
        return self.known[key]


class KeptStatic(StaticNode):
    """The address of a file of ours."""

    def __init__(self, path: Any) -> None:
        super().__init__(None, path)
        self.known = ""

    def render(self, context: Context) -> str:
        self.known = self.known or super().render(context)
        return self.known


def url(parser: Parser, token: Token) -> Any:
    """Return the node of `{% url %}`: kept if it names a page without arguments."""
    node: Any = django_url(parser, token)
    is_plain = not (node.asvar or node.args or node.kwargs) and _is_plain(node.view_name)
    return KeptUrl(node.view_name) if is_plain else node


def static(parser: Parser, token: Token) -> Any:
    """Return the node of `{% static %}`: kept if it names a file."""
    node: Any = StaticNode.handle_token(parser, token)
    return KeptStatic(node.path) if not node.varname and _is_plain(node.path) else node


def _is_plain(expression: Any) -> bool:
    return isinstance(expression.var, str) and not expression.filters


register = type(library)()
register.tags = {**library.tags, "static": static, "url": url}
register.filters = dict(library.filters)
