"""The staging switch: with it off nothing that reaches a person or a machine can even be made."""

import ast
import inspect
from pathlib import Path

import pytest
from django.core import mail

from chengzhi.notifications import tasks
from chengzhi.notifications.commands.webhooks import open_webhook, publish
from chengzhi.notifications.models import Delivery
from chengzhi.notifications.rules.sending import OutsideClosed
from chengzhi.notifications.tasks import adapters
from tests.notifications.build import tell

SRC = Path(__file__).parents[2] / "src" / "chengzhi"
HARMLESS = {"ConsoleSms"}  # writes into our own log
CALLERS = {
    "notifications/tasks/adapters.py",  # the only place that reaches outside
    "evidence/models/stores.py",  # the operator's own bucket
}
WAYS_OUT = {
    "httpx", "requests", "smtplib", "socket", "urllib.request", "http.client", "boto3",
    "django.core.mail",
}  # fmt: skip


def senders() -> list[type]:
    return [
        kind
        for _, kind in inspect.getmembers(adapters, inspect.isclass)
        if kind.__module__ == adapters.__name__
        and callable(getattr(kind, "send", None))
        and not getattr(kind, "_is_protocol", False)
    ]


def test_there_are_adapters_to_walk():
    assert {kind.__name__ for kind in senders()} == {
        "ConsoleSms", "HttpSms", "DjangoMail", "SignedPost",
    }  # fmt: skip


@pytest.mark.parametrize("kind", senders(), ids=lambda kind: kind.__name__)
def test_no_adapter_that_reaches_outside_can_be_made_on_a_rehearsal_site(kind, settings):
    settings.CHENGZHI_OUTSIDE = False

    if kind.__name__ in HARMLESS:
        kind()
        return
    with pytest.raises(OutsideClosed, match="CHENGZHI_OUTSIDE=production"):
        kind()


def test_the_set_of_adapters_cannot_be_made_either(settings):
    settings.CHENGZHI_OUTSIDE = False

    with pytest.raises(OutsideClosed):
        adapters.outside_adapters()


def test_no_other_module_has_a_way_out():
    found = {
        str(path.relative_to(SRC))
        for path in SRC.rglob("*.py")
        if "management" not in path.parts and path.parent.name != "site"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if WAYS_OUT & _imported(node)
    }

    assert found - {"notifications/tasks/guard.py"} == CALLERS


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return {node.module or ""} if isinstance(node, ast.ImportFrom) else set()


@pytest.mark.parametrize("value", ["", "1", "true", "staging", "PRODUCTION"])
def test_only_the_word_production_opens_it_and_never_in_the_demo(value, monkeypatch):
    import importlib

    from chengzhi.site import settings as site

    monkeypatch.setenv("CHENGZHI_OUTSIDE", value)
    try:
        assert importlib.reload(site).CHENGZHI_OUTSIDE is False
        monkeypatch.setenv("CHENGZHI_OUTSIDE", "production")
        assert importlib.reload(site).CHENGZHI_OUTSIDE is False  # the suite runs as the demo
        monkeypatch.setenv("CHENGZHI_DEMO", "")
        monkeypatch.setenv("CHENGZHI_SECRET_KEY", "k" * 60)
        monkeypatch.setenv("CHENGZHI_COUNTY", "330225")
        assert importlib.reload(site).CHENGZHI_OUTSIDE is True
        assert site.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    finally:
        monkeypatch.undo()
        importlib.reload(site)
    assert site.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def test_on_a_rehearsal_site_everything_is_held_and_shown(people, admin, now, settings):
    settings.CHENGZHI_OUTSIDE = False
    hook = {"name": "数据局", "url": "https://hooks.example.com/x", "events": ["workorders.closed"]}
    open_webhook(**hook, actor=admin, now=now)
    publish(
        "workorders.closed", {"code": "象城案〔2026〕12"}, event_id=5, subject="workorder:12",
        county="330225", happened_at=now, now=now,
    )  # fmt: skip
    tell("person:2", now=now)

    tasks.tick(now)

    outside = Delivery.objects.exclude(medium="in_app").order_by("medium")
    assert [(row.medium, row.state, row.failure) for row in outside] == [
        ("sms", "held", "演练环境，没有发出"),
        ("webhook", "held", "演练环境，没有发出"),
    ]
    assert mail.outbox == []
