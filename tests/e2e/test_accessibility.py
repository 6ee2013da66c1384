"""axe finds no violation on any page of the console, in light and in dark.

The pages are found by following every link from the rail, as three people who together see them
all; each kind of page (each name of an address, with its tabs) is looked at once.
"""

from collections import deque
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import parse_qsl, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from seed.trials import TRIED
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
    "finding-review", "camera-list", "camera-plan", "trial-detail", "reports", "places", "standards",
    "people", "audit", "search",
}  # fmt: skip
PLAN = f"/vision/cameras/at/{TRIED}/plan/"  # its camera's page is looked at by who may not draw
START = ["/", PLAN, *(address for address, _ in ADDRESSES if "987654" not in address)]
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
            "import json\nfrom datetime import UTC, datetime\n"
            "from seed import cameras, people, trials\n"
            "made = cameras.settle(actor=people.ADMIN, now=people.FOUNDED)\n"
            "trials.mark_heights(actor=people.ADMIN, now=people.FOUNDED)\n"
            "trials.try_one(actor=people.ADMIN, now=datetime.now(UTC))\n"
            "print(json.dumps(len(made)))"
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


class Walk:
    """Opens each kind of page once, for one person after another.

    Two tabs take turns: while axe judges the page in one, the next page settles in the other.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.seen: set[str] = set()
        self.no_page: set[str] = set()  # addresses that are no page, whoever asks

    def pages(self, page: Page) -> Iterator[tuple[str, Page]]:
        """Yield each kind of page once, going on from the links of every page that was opened."""
        tabs = cycle([page, page.context.new_page()])
        waiting = deque(START)
        opened = None
        while (following := self._open_next(waiting, next(tabs))) or opened:
            if opened:
                opened[1].wait_for_load_state("networkidle")
                yield opened
                waiting.extend(self._links(opened[1]))
            opened = following

    def _open_next(self, waiting: deque[str], tab: Page) -> tuple[str, Page] | None:
        while waiting:
            address = waiting.popleft()
            kind = kind_of(address)
            if not kind or kind in self.seen or kind.split()[0] in AWAY:
                continue
            if self._is_page(address, tab):
                self.seen.add(kind)
                tab.goto(self.root + address)
                return kind, tab
        return None

    def _is_page(self, address: str, tab: Page) -> bool:
        if address.startswith("/api") or address in self.no_page:
            return False
        answer = tab.request.get(self.root + address, max_redirects=0)
        if answer.status == 200 and "<html" in answer.text():  # not a part of one, nor a file
            return True
        if answer.status in (200, 405) or (answer.status == 404 and address in START):
            self.no_page.add(address)
        return False

    def _links(self, page: Page) -> list[str]:
        links = page.eval_on_selector_all("a[href]", "all => all.map((a) => a.href)")
        return [one.removeprefix(self.root) for one in links if one.startswith(self.root + "/")]


def violations(page: Page) -> list[str]:
    """Return what axe finds in light, and what of the colors in dark, on the page as it stands."""
    page.evaluate(Axe().axe_script)
    return _found(page, "light", RULES) + _found(page, "dark", COLORS)


def _found(page: Page, theme: str, options: dict[str, object]) -> list[str]:
    """Return what axe finds; a pin stands where the thing is (WCAG 2.5.8, the essential exception),
    and every pin is also a row of the list that the map links to."""
    page.evaluate("(theme) => document.documentElement.dataset.bsTheme = theme", theme)
    found = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return [
        f"{theme}: {rule['id']} {node['target']} {node['html'][:120]}"
        for rule in found
        for node in rule["nodes"][:3]
        if not (rule["id"] == "target-size" and "leaflet-marker-icon" in node["html"])
    ]


def test_axe_finds_no_violation_on_any_console_page_in_light_and_dark(platform, browser):
    walk = Walk(platform.address)
    wrong: dict[str, list[str]] = {}

    for person in PEOPLE:
        page = sign_in(browser, platform.address, person, reduced_motion="reduce")
        for kind, tab in walk.pages(page):
            if found := violations(tab):
                wrong[f"{kind} ({person})"] = found

    assert not wrong, "\n".join(
        f"{kind}: {line}" for kind, found in wrong.items() for line in found
    )
    assert SEEN_AT_LEAST - {kind.split()[0] for kind in walk.seen} == set()
    assert len(walk.seen) >= 45


def test_a_zone_is_drawn_moved_taken_back_and_saved_by_keyboard(platform, browser):
    page = sign_in(browser, platform.address, "admin")
    page.goto(f"{platform.address}/vision/cameras/at/C005/plan/")
    page.wait_for_selector("[data-ready]", state="attached")

    def corners() -> str | None:
        return page.locator("polygon.chosen").get_attribute("points")

    page.locator('[data-tool="polygon"]').focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # without a pointer it is put in the middle
    placed = corners()
    page.keyboard.press("Shift+ArrowDown")
    moved = corners()
    page.keyboard.press("Delete")
    fewer = corners()
    page.keyboard.press("Control+z")
    page.locator('[data-of="name"]').fill("键盘画的")
    page.locator(".pl-save .btn-primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=布控方案第")

    assert (placed, moved) == (
        "360,270 600,270 600,378 360,378",
        "360,280 600,270 600,378 360,378",
    )
    assert fewer == "600,270 600,378 360,378"
    assert "键盘画的" in page.locator(".versions li").first.inner_text()
