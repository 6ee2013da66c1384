"""Which machines may be called: names are resolved here, and only public addresses pass."""

import socket
from collections.abc import Callable
from ipaddress import ip_address

from chengzhi.notifications.rules.webhooks import is_public

Resolve = Callable[[str, int], list[str]]


class NotPublic(Exception):
    """The name leads into a private network: the message is given up, not tried again."""


def resolved(host: str, port: int) -> list[str]:
    """Return the addresses of a name, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def public_address(host: str, port: int, *, resolve: Resolve = resolved) -> str:
    """Return one address of a name, which must all be public.

    The caller connects to this very address: a name that answers differently the second time
    gains nothing.

    :raises NotPublic: one of the addresses is private, local or reserved.
    """
    addresses = resolve(host, port)
    for address in addresses:
        if not is_public(ip_address(address.partition("%")[0])):
            raise NotPublic(f"{host} 指向内网地址，不能推送")
    return addresses[0]
