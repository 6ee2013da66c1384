"""In English, no page shows a Chinese label: only data (names, addresses, matters) stays Chinese."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chengzhi.accounts.interface import system_actor
from chengzhi.accounts.models import Person, Post
from chengzhi.accounts.types import Role
from chengzhi.vision import commands as vision
from chengzhi.workorders.types import Channel, State
from tests.api.conftest import ADMINISTRATOR, manhole
from tests.conftest import COUNTY
from tests.vision.conftest import SHADES, digest, draft, incoming, picture, zone
from tests.workorders.conftest import SINCE, bring, county, nothing_kept, photograph
from tools.messages import read

__all__ = ["bring", "county", "draft", "nothing_kept", "photograph", "zone"]

SAID_IN_CHINESE = {message.one for message in read() if re.search("[\u4e00-\u9fff]", message.one)}
DATA = {"指挥中心"}  # a unit's name that is a word of the catalogue too
SHOWN = ("title", "aria-label", "placeholder", "alt", "data-label")
LISTS = (
    "home", "workorder-desk", "workorder-list", "workorder-new", "workorder-map", "finding-review",
    "finding-list", "camera-list", "camera-add", "camera-health", "reports", "places",
    "places-grid-list", "places-road-list", "places-component-list", "places-component-new",
    "places-import", "people", "person-create", "units", "unit-create", "tokens",
    "audit", "audit-failures", "account", "offline",
    "standards", "standards-stages", "standards-limits", "standards-calendar", "standards-findings",
    "standards-check", "workorder-routing", "workorder-routing-add",
)  # fmt: skip


class Words(HTMLParser):
    """Collects what a person reads or hears: text, titles, labels; not what a script reads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        self.found += [value for name, value in attrs if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def labels_left(page: str) -> set[str]:
    words = Words()
    words.feed(page)
    return {part for text in words.found for part in _parts(text)} & SAID_IN_CHINESE - DATA


def _parts(text: str) -> Iterator[str]:
    yield text.strip()
    yield from (part.strip() for part in re.split("[·：:]", text))


pytestmark = pytest.mark.one_database


@pytest.fixture
def reader(county: None) -> Client:
    """Somebody with every post who chose English."""
    person = Person.objects.get(pk=2)
    for role in set(Role) - {Role.SYSTEM}:
        Post.objects.get_or_create(person=person, role=role, defaults={"valid_from": SINCE})
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="chengzhi.accounts.web.KnownPeople")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def finding(county: None, draft, zone, now) -> int:
    vision.register_camera("C001", draft, actor=ADMINISTRATOR, now=now)
    vision.save_zones("C001", (zone,), size=(768, 576), actor=ADMINISTRATOR, now=now)
    worker = system_actor("一号识别机", division=COUNTY)
    receipt = vision.record_finding(incoming(now), actor=worker, now=now)
    for shade in SHADES:
        content = picture(shade)
        vision.store_evidence(content, sha256=digest(content), actor=worker, now=now)
    return receipt.id


def read_page(reader: Client, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200, address
    page = answer.content.decode()
    assert 'lang="en"' in page
    return page


def test_a_page_in_english_shows_no_chinese_label(reader, finding, bring):
    manhole(timezone.now())
    for state in State:
        bring(state)
    bring(channel=Channel.HOTLINE)

    left = {name: labels_left(read_page(reader, reverse(name))) for name in LISTS}

    assert left == {name: set() for name in LISTS}


def test_a_work_order_in_english_shows_no_chinese_label(reader, bring):
    left = {}
    for state in State:
        pk = bring(state).pk
        page = read_page(reader, reverse("workorder-detail", args=[pk]))
        desk = read_page(reader, reverse("workorder-desk") + f"?open={pk}")
        left[state] = labels_left(page) | labels_left(desk)

    assert left == {state: set() for state in State}


def test_one_thing_in_english_shows_no_chinese_label(reader, finding):
    code = manhole(timezone.now())
    pages = [
        reverse("finding-detail", args=[finding]),
        reverse("camera-detail", args=["C001"]),
        reverse("camera-change", args=["C001"]),
        reverse("person", args=[1]),
        reverse("places-town", args=["330225001"]),
        reverse("places-component", args=[code]),
        reverse("audit-subject", args=[f"finding:{finding}"]),
    ]

    assert {page: labels_left(read_page(reader, page)) for page in pages} == {
        page: set() for page in pages
    }
