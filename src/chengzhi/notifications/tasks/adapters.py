"""What carries a message out of the house. None of it can be made while the house is closed.

Everything here that reaches a real person or machine calls `require_outside` before it exists;
`tests/notifications/test_staging.py` walks the module and proves it.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.mail import EmailMessage

from chengzhi.notifications.rules.sending import require_outside
from chengzhi.notifications.rules.webhooks import (
    DELIVERY,
    EVENT,
    SIGNATURE,
    TIMESTAMP,
    signature,
)
from chengzhi.notifications.tasks.guard import NotPublic, Resolve, public_address, resolved
from chengzhi.notifications.types import Medium, Outgoing

log = logging.getLogger(__name__)
TIMEOUT = httpx.Timeout(5.0, connect=3.0)
PERMANENT = frozenset({400, 401, 403, 404, 405, 410, 413, 414, 415, 422})


class Undeliverable(Exception):
    """It will never work: the message is given up at once."""


class Adapter(Protocol):
    """Carries one message; returns when the other side has taken it, else raises."""

    def send(self, message: Outgoing) -> None: ...


class ConsoleSms:
    """Writes the SMS into the log, with the number covered: reaches nobody."""

    def send(self, message: Outgoing) -> None:
        """Log one line."""
        log.warning("SMS to %s****: %s", message.address[:3], message.text)


class HttpSms:
    """An SMS gateway that takes JSON: `{"id", "to", "text"}` with a bearer token."""

    def __init__(self, *, transport: httpx.BaseTransport | None = None) -> None:
        require_outside(is_open=settings.CHENGZHI_OUTSIDE)
        self.transport = transport

    def send(self, message: Outgoing) -> None:
        """Post to the gateway; its own id for the message is ours, so a repeat is one SMS."""
        body = {"id": f"chengzhi-{message.id}", "to": message.address, "text": message.text}
        with httpx.Client(timeout=TIMEOUT, trust_env=False, transport=self.transport) as client:
            answer = client.post(
                settings.CHENGZHI_SMS,
                json=body,
                headers={"Authorization": f"Bearer {settings.CHENGZHI_SMS_TOKEN}"},
            )
        _judge(answer.status_code)


class DjangoMail:
    """Mail through the server that the environment names."""

    def __init__(self) -> None:
        require_outside(is_open=settings.CHENGZHI_OUTSIDE)

    def send(self, message: Outgoing) -> None:
        """Hand one mail to the server."""
        mail = EmailMessage(
            subject=message.title,
            body=message.text,
            from_email=settings.CHENGZHI_MAIL_FROM,
            to=[message.address],
            headers={"X-Chengzhi-Delivery": str(message.id)},
        )
        mail.send(fail_silently=False)


class SignedPost:
    """A webhook: the body signed under the subscription's secret, to a public address only."""

    def __init__(
        self,
        *,
        transport: httpx.BaseTransport | None = None,
        resolve: Resolve = resolved,
        clock: Callable[[], float] = time.time,
    ) -> None:
        require_outside(is_open=settings.CHENGZHI_OUTSIDE)
        self.transport, self.resolve, self.clock = transport, resolve, clock

    def send(self, message: Outgoing) -> None:
        """Post once; a redirect is a refusal, for it might lead anywhere."""
        parts = urlsplit(message.address)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            address = public_address(host, port, resolve=self.resolve)
        except NotPublic as refused:
            raise Undeliverable(str(refused)) from None
        body = message.text.encode()
        url = httpx.URL(message.address).copy_with(host=address)
        with (
            httpx.Client(
                timeout=TIMEOUT, trust_env=False, follow_redirects=False, transport=self.transport
            ) as client,
            client.stream(
                "POST",
                url,
                content=body,
                headers={**self._headers(message, body), "Host": parts.netloc},
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            _judge(answer.status_code)

    def _headers(self, message: Outgoing, body: bytes) -> Mapping[str, str]:
        timestamp = int(self.clock())
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "chengzhi-webhook/1",
            EVENT: message.event,
            DELIVERY: str(message.id),
            TIMESTAMP: str(timestamp),
            SIGNATURE: signature(message.secret, body, timestamp=timestamp),
        }


def _judge(status: int) -> None:
    """Return when the other side took the message.

    :raises Undeliverable: it will never take it.
    :raises ConnectionError: it may take it later.
    """
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise Undeliverable(f"对方返回跳转（HTTP {status}），不跟随。请登记最终地址")
    if status in PERMANENT:
        raise Undeliverable(f"对方拒收（HTTP {status}）")
    raise ConnectionError(f"对方返回 HTTP {status}")


def outside_adapters() -> dict[str, Adapter]:
    """Return the adapters of a site in production.

    :raises OutsideClosed: this site is a rehearsal.
    """
    require_outside(is_open=settings.CHENGZHI_OUTSIDE)
    sms: Adapter = ConsoleSms() if settings.CHENGZHI_SMS == "console" else HttpSms()
    return {Medium.SMS: sms, Medium.MAIL: DjangoMail(), Medium.WEBHOOK: SignedPost()}
