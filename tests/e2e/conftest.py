"""A browser, and the real clip that the journey starts from."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.platform import ROOT, Platform, build, start

PASSWORD = "xiangshan-demo-2026"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def real_clip(shared_data: Path) -> Path:
    """The PETS09-S2L1 surveillance clip, or a skip that names it."""
    for clip in (shared_data / "video" / "PETS09-S2L1_vtest.avi", ROOT / "footage" / "vtest.avi"):
        if clip.is_file():
            return clip
    pytest.skip("PETS09-S2L1_vtest.avi is absent: real data is not part of the repository")


@contextmanager
def running(state: Path, *, cameras: dict[str, Path], database: str = "") -> Iterator[Platform]:
    """Build and start a platform, look after its programs in the background, and end it."""
    environment, token = build(state, cameras=cameras, database=database)
    platform = start(state, environment, token)
    stop = threading.Event()
    looking = threading.Thread(target=_look_after, args=(platform, stop))
    looking.start()
    try:
        yield platform
    finally:
        stop.set()
        looking.join()
        platform.supervisor.end()


def _look_after(platform: Platform, stop: threading.Event) -> None:
    while not stop.wait(0.2):
        platform.supervisor.look(time.monotonic())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the session."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists():
        pytest.skip("chromium is absent: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def sign_in(browser: Browser, address: str, username: str, **options: object) -> Page:
    """Return a page on which somebody of the demo county has signed in."""
    context = browser.new_context(locale="zh-CN", **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{address}/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    return page
