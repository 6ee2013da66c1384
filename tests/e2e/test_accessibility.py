"""axe finds no violation on any page of the console, in light and in dark.

The pages are found by following every link from the rail, as three people who together see them
all; each kind of page (each name of an address, with its tabs) is looked at once.
"""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.contracts.test_every_address import ADDRESSES
from tests.e2e.conftest import running, sign_in

pytestmark = pytest.mark.e2e
PEOPLE = ("haiyan", "admin", "lina", "zhaoqiang")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
COLORS = {  # all that the theme changes; the page's structure was judged in light
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
KINDS = ("view", "show", "tab", "state", "level", "kind")  # parameters that make another page
AWAY = {"logout", "set-language", "evidence-file", "service-worker", "health", "ready"}
SEEN_AT_LEAST = {
    "home", "workorder-desk", "workorder-list", "workorder-detail", "workorder-print",
    "workorder-map", "workorder-new", "workorder-routing", "workorder-bulk-file", "finding-list",
    "finding-review", "camera-list", "reports", "places", "standards", "people", "audit", "search",
}  # fmt: skip
HISTORY = """
import json
from seed import history
history.ORDERS, history.FINDINGS, history.RECENT = 60, 24, 0.5
print(json.dumps(len(list(history.live_through(seed=1)))))
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    with running(tmp_path_factory.mktemp("axe"), cameras={}) as platform:
        platform.run(
            "import json\nfrom seed import cameras, people\n"
            "print(json.dumps(len(cameras.settle(actor=people.ADMIN, now=people.FOUNDED))))"
        )
        platform.run(HISTORY)
        yield platform


def kind_of(address: str) -> str:
    """Return what kind of page an address is: its name and what makes it another page."""
    parts = urlsplit(address)
    try:
        name = resolve(parts.path).url_name or parts.path
    except Resolver404:
        return ""
    tabs = [f"{key}={value}" for key, value in parse_qsl(parts.query) if key in KINDS]
    return " ".join([name, *sorted(tabs)[:1]])


def pages(page: Page, root: str, seen: set[str]) -> Iterator[str]:
    """Yield each kind of page once, going on from the links of every page that was opened."""
    waiting = ["/", *(address for address, _ in ADDRESSES if "987654" not in address)]
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if not kind or kind in seen or kind.split()[0] in AWAY or address.startswith("/api"):
            continue
        answer = page.request.get(root + address, max_redirects=0)
        if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        if "<html" not in answer.text():
            continue  # a part of a page, looked at where it stands
        seen.add(kind)
        page.goto(root + address)
        page.wait_for_load_state("networkidle")
        yield kind
        links = page.eval_on_selector_all("a[href]", "all => all.map((a) => a.href)")
        waiting += [link.removeprefix(root) for link in links if link.startswith(root + "/")]


def violations(page: Page, theme: str, options: dict[str, object]) -> list[str]:
    """Return what axe finds; a pin stands where the thing is (WCAG 2.5.8, the essential exception),
    and every pin is also a row of the list that the map links to."""
    page.evaluate("(theme) => document.documentElement.dataset.bsTheme = theme", theme)
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{theme}: {rule['id']} {node['target']} {node['html'][:120]}"
        for rule in found
        for node in rule["nodes"][:3]
        if not (rule["id"] == "target-size" and "leaflet-marker-icon" in node["html"])
    ]


def test_axe_finds_no_violation_on_any_console_page_in_light_and_dark(platform, browser):
    seen: set[str] = set()
    wrong: dict[str, list[str]] = {}

    for person in PEOPLE:
        page = sign_in(browser, platform.address, person, reduced_motion="reduce")
        for kind in pages(page, platform.address, seen):
            if found := violations(page, "light", RULES) + violations(page, "dark", COLORS):
                wrong[f"{kind} ({person})"] = found

    assert not wrong, "\n".join(
        f"{kind}: {line}" for kind, found in wrong.items() for line in found
    )
    assert SEEN_AT_LEAST - {kind.split()[0] for kind in seen} == set()
    assert len(seen) >= 45
