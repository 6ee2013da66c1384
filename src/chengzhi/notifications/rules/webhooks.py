"""Webhooks: which addresses may be called, which fields go out, how a message is signed. Pure."""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.privacy import redacted
from chengzhi.notifications.rules.templates import webhook_fields

SIGNATURE, TIMESTAMP = "X-Chengzhi-Signature", "X-Chengzhi-Timestamp"
DELIVERY, EVENT = "X-Chengzhi-Delivery", "X-Chengzhi-Event"
REPLAY_WINDOW_S = 300
LONGEST_URL, LONGEST_NAME = 500, 60
INSIDE = ("localhost", "local", "internal", "intranet", "home", "lan", "arpa", "localdomain")


def require_sound_address(url: str, *, plain_allowed: bool) -> str:
    """Return the host of an address that may be called, judged by its text alone.

    What the name resolves to is judged again at each call.

    :raises InvalidInput: not https, with a user name, without a public host.
    """
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise InvalidInput("地址读不懂，请写成 https://主机名/路径。", field="url") from None
    if len(url) > LONGEST_URL or any(char.isspace() or char < "!" for char in url):
        raise InvalidInput(f"地址不能有空格，最多 {LONGEST_URL} 字。", field="url")
    if parts.scheme != "https" and not (plain_allowed and parts.scheme == "http"):
        raise InvalidInput("推送地址须以 https:// 开头，密文传输。", field="url")
    if not host or parts.username or parts.password or parts.fragment:
        raise InvalidInput("地址里不能有用户名、密码和 # 片段，请只写主机名和路径。", field="url")
    if not _is_public_host(host):
        raise InvalidInput(f"“{host}”是内网地址，不能推送。请填对方的公网域名。", field="url")
    return host


def _is_public_host(host: str) -> bool:
    try:
        return is_public(ip_address(host))
    except ValueError:
        return (
            "." in host and host.lower().rsplit(".", 1)[-1] not in INSIDE and not _is_numeric(host)
        )


def _is_numeric(host: str) -> bool:
    """Return whether a resolver might read it as a number: 0x7f.1, 2130706433, 127.1."""
    return all(part.lower().startswith("0x") or part.isdecimal() for part in host.split("."))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address lies in the open net, also when IPv6 wraps an IPv4 address."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return is_public(inner)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


class _Nat64:
    def __contains__(self, address: IPv6Address) -> bool:
        return int(address) >> 32 == 0x0064_FF9B << 64  # 64:ff9b::/96


_NAT64 = _Nat64()


def require_known_events(names: Collection[str]) -> tuple[str, ...]:
    """Return the names in the order of the table.

    :raises InvalidInput: none was chosen, or one may not be told to machines.
    """
    known = webhook_fields()
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise InvalidInput(f"不能推送事件“{unknown[0]}”，请从清单中选择。", field="events")
    if not names:
        raise InvalidInput("请至少选择一类事件。", field="events")
    return tuple(name for name in known if name in names)


def body_of(
    event: str, data: Mapping[str, Any], *, event_id: int, subject: str, happened_at: datetime
) -> str:
    """Return the message: only the fields of the table, and no number that leads to a person."""
    fields = {key: _plain(data[key]) for key in webhook_fields()[event] if key in data}
    message = {
        "id": event_id,
        "event": event,
        "subject": subject,
        "happened_at": happened_at.isoformat(),
        "data": fields,
    }
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    return redacted(value) if isinstance(value, str) else value


def signature(secret: str, body: bytes, *, timestamp: int) -> str:
    """Return `v1=` and the HMAC-SHA256 of `timestamp.body` under the secret."""
    signed = f"{timestamp}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
