"""Machines are told: signed as the how-to says, only public addresses, no personal data."""

import hashlib
import hmac
import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from chengzhi.kernel.errors import InvalidInput
from chengzhi.notifications.commands.webhooks import (
    change_secret,
    end_webhook,
    open_webhook,
    publish,
    secret_of,
)
from chengzhi.notifications.models import Delivery, Subscription
from chengzhi.notifications.rules.webhooks import is_public, require_sound_address
from chengzhi.notifications.tasks.adapters import SignedPost
from chengzhi.notifications.tasks.send import send_due

DOC = Path(__file__).parents[2] / "docs" / "howto" / "webhooks.md"
URL = "https://hooks.example.com/in"
PUBLIC = "93.184.216.34"
STAMP = 1_764_000_000


class Receiver:
    """The other side: keeps what it is sent and answers as it is told."""

    def __init__(self, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.status, self.headers = status, headers or {}
        self.got: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.got.append(request)
        return httpx.Response(self.status, headers=self.headers)


def carrier(receiver: Receiver, *addresses: str) -> SignedPost:
    return SignedPost(
        transport=httpx.MockTransport(receiver),
        resolve=lambda host, port: list(addresses or (PUBLIC,)),
        clock=lambda: float(STAMP),
    )


@pytest.fixture
def hook(admin, now, production) -> tuple[Subscription, str]:
    opened = open_webhook(
        name="县大数据局", url=URL, events=["workorders.closed"], actor=admin, now=now
    )
    return Subscription.objects.get(pk=opened.id), opened.secret


def happen(now, *, event: str = "workorders.closed", event_id: int = 7, **data) -> int:
    fields = {"code": "象城案〔2026〕12", "matter_code": "06010", "on_time": True, **data}
    return publish(
        event, fields, event_id=event_id, subject="workorder:12", county="330225",
        happened_at=now, now=now,
    )  # fmt: skip


def verification_from_the_doc():
    """Return the function that the how-to shows to the other side."""
    found = re.search(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.S)
    assert found, "the how-to shows no Python"
    space: dict = {}
    exec(compile(found.group(1), str(DOC), "exec"), space)
    return space["is_genuine"]


def test_the_signature_verifies_as_the_how_to_says(hook, now):
    receiver = Receiver()
    happen(now)
    send_due({"webhook": carrier(receiver)}, now=now)
    is_genuine = verification_from_the_doc()
    (request,) = receiver.got

    assert is_genuine(hook[1], request.headers, request.content, now=STAMP + 10)
    assert not is_genuine(hook[1], request.headers, request.content + b" ", now=STAMP + 10)
    assert not is_genuine("whsec_other", request.headers, request.content, now=STAMP + 10)
    assert not is_genuine(hook[1], request.headers, request.content, now=STAMP + 301)


def test_the_signature_is_hmac_sha256_over_timestamp_and_body(hook, now):
    receiver = Receiver()
    happen(now)
    send_due({"webhook": carrier(receiver)}, now=now)
    (request,) = receiver.got

    signed = f"{STAMP}.".encode() + request.content
    expected = hmac.new(hook[1].encode(), signed, hashlib.sha256).hexdigest()
    assert request.headers["X-Chengzhi-Signature"] == f"v1={expected}"
    assert request.headers["X-Chengzhi-Timestamp"] == str(STAMP)
    assert request.headers["X-Chengzhi-Event"] == "workorders.closed"
    assert request.headers["X-Chengzhi-Delivery"] == str(Delivery.objects.get().pk)


def test_it_connects_to_the_address_that_was_judged_under_the_name_that_was_asked(hook, now):
    receiver = Receiver()
    happen(now)
    send_due({"webhook": carrier(receiver)}, now=now)
    (request,) = receiver.got

    assert request.url.host == PUBLIC
    assert request.headers["Host"] == "hooks.example.com"
    assert request.extensions["sni_hostname"] == "hooks.example.com"


def test_only_the_fields_of_the_table_go_out_and_none_of_a_person(hook, now):
    receiver = Receiver()
    happen(
        now, reason="请打 13812345678", note="王女士", reporter_phone="13812345678",
        client_ref="13812345678 的来电",
    )  # fmt: skip
    send_due({"webhook": carrier(receiver)}, now=now)

    assert json.loads(receiver.got[0].content) == {
        "id": 7,
        "event": "workorders.closed",
        "subject": "workorder:12",
        "happened_at": "2026-11-25T02:30:00+00:00",
        "data": {
            "code": "象城案〔2026〕12",
            "matter_code": "06010",
            "on_time": True,
            "client_ref": "138****5678 的来电",
        },
    }


def test_an_event_is_pushed_once_to_those_who_asked_for_it(hook, admin, now):
    open_webhook(name="住建", url=URL, events=["workorders.filed"], actor=admin, now=now)

    counts = [happen(now), happen(now), happen(now, event="workorders.filed", event_id=8)]

    assert counts == [1, 0, 1]


def test_what_happened_before_or_long_ago_is_not_pushed(hook, now):
    assert happen(now - timedelta(minutes=1)) == 0
    late = publish(
        "workorders.closed", {}, event_id=9, subject="workorder:12", county="330225",
        happened_at=now, now=now + timedelta(days=4),
    )  # fmt: skip
    assert late == 0


@pytest.mark.parametrize(
    ("status", "state", "said"),
    [
        (204, "sent", ""),
        (302, "gave_up", "不跟随"),
        (410, "gave_up", "HTTP 410"),
        (503, "waiting", "HTTP 503"),
        (429, "waiting", "HTTP 429"),
    ],
)
def test_what_the_other_side_answers_decides(hook, now, status, state, said):
    receiver = Receiver(status, {"Location": "http://169.254.169.254/latest/"})
    happen(now)

    send_due({"webhook": carrier(receiver)}, now=now)

    row = Delivery.objects.get()
    assert (row.state, len(receiver.got)) == (state, 1)
    assert said in row.failure


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "fe80::1%eth0", "fc00::1",
        "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_a_name_that_leads_into_a_private_network_is_never_called(hook, now, address):
    receiver = Receiver()
    happen(now)

    send_due({"webhook": carrier(receiver, PUBLIC, address)}, now=now)

    row = Delivery.objects.get()
    assert receiver.got == []
    assert (row.state, row.failure) == ("gave_up", "hooks.example.com 指向内网地址，不能推送")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/in", "ftp://hooks.example.com", "hooks.example.com",
        "https://", "https://localhost/x", "https://db.internal/x", "https://printer/x",
        "https://127.0.0.1/x", "https://[::1]/x", "https://10.0.0.8/x", "https://2130706433/x",
        "https://127.1/x", "https://0x7f.0.0.1/x", "https://u:p@hooks.example.com/",
        "https://hooks.example.com/#x", "https://hooks.example.com/a b",
        "https://hooks.example.com:99999/", "https://[bad/",
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_called_is_refused_when_it_is_written(
    admin, now, production, url
):
    with pytest.raises(InvalidInput):
        open_webhook(name="x", url=url, events=["workorders.closed"], actor=admin, now=now)

    assert not Subscription.objects.exists()


def test_public_addresses_pass():
    from ipaddress import ip_address

    assert require_sound_address(URL, plain_allowed=False) == "hooks.example.com"
    assert is_public(ip_address("2606:4700::1111"))
    assert is_public(ip_address(PUBLIC))


@pytest.mark.parametrize("events", [[], ["accounts.signed-in"], ["workorders.commented"]])
def test_only_events_of_the_table_can_be_asked_for(admin, now, production, events):
    with pytest.raises(InvalidInput):
        open_webhook(name="x", url=URL, events=events, actor=admin, now=now)

    assert not Subscription.objects.exists()


def test_the_secret_is_kept_nowhere_and_changes_on_request(hook, admin, now):
    row, secret = hook
    stored = " ".join(str(value) for value in Subscription.objects.values().get().values())

    changed = change_secret(row.pk, actor=admin, now=now).secret

    row.refresh_from_db()
    assert secret.removeprefix("whsec_") not in stored
    assert changed != secret
    assert secret_of(row) == changed


def test_an_ended_webhook_is_told_no_more(hook, admin, now):
    receiver = Receiver()
    happen(now)
    end_webhook(hook[0].pk, actor=admin, now=now)

    send_due({"webhook": carrier(receiver)}, now=now)

    assert receiver.got == []
    assert Delivery.objects.get().state == "gave_up"
    assert happen(now, event_id=8) == 0


def test_a_machine_that_fails_is_called_once_a_round_and_stops_nobody(hook, admin, now):
    other = open_webhook(
        name="住建", url="https://other.example.com/", events=["workorders.closed"],
        actor=admin, now=now,
    )  # fmt: skip
    for number in range(3):
        happen(now, event_id=number + 1)

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.headers["Host"])
        return httpx.Response(500 if request.headers["Host"] == "hooks.example.com" else 200)

    calls: list[str] = []
    post = SignedPost(transport=httpx.MockTransport(answer), resolve=lambda host, port: [PUBLIC])
    send_due({"webhook": post}, now=now)

    assert calls.count("hooks.example.com") == 1
    assert calls.count("other.example.com") == 3
    waiting = Delivery.objects.filter(state="waiting").order_by("pk")
    assert [row.attempts for row in waiting] == [1, 0, 0]
    assert set(waiting.values_list("recipient", flat=True)) == {hook[0].ref}
    assert other.id != hook[0].pk
