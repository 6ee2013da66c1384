"""Draws plans in headless Chromium; needs `npm ci` in tools/scene and a Chromium."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, sync_playwright

HOME = Path(__file__).resolve().parent.parent
ORIGIN = "http://scene.invalid"
FLAGS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-unsafe-swiftshader",
    "--use-angle=swiftshader",
]  # fmt: skip
KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class NoBrowser(RuntimeError):
    """There is no Chromium or no three.js to draw with."""


def chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise NoBrowser(
            "no Chromium found; install Debian's `chromium` or set CHROMIUM to its path"
        )
    return found


def _serve(route: Route) -> None:
    path = route.request.url.removeprefix(ORIGIN).split("?")[0]
    roots = {"/three/": HOME / "node_modules/three/build", "/page/": HOME / "page"}
    for prefix, folder in roots.items():
        file = folder / path.removeprefix(prefix)
        if path.startswith(prefix) and file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
            return
    route.fulfill(status=404, body="")


class Painter:
    """One page that draws; pictures come back as JPEG of high quality."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def load(self, drawing: dict[str, Any]) -> None:
        self._page.evaluate("(plan) => window.load(plan)", drawing)

    def aim(self, camera: dict[str, Any]) -> None:
        self._page.evaluate("(camera) => window.aim(camera)", camera)

    def draw(self, frame: dict[str, Any]) -> bytes:
        return base64.b64decode(self._page.evaluate("(frame) => window.draw(frame)", frame))

    def extent(self, frame: dict[str, Any], thing_id: str) -> list[int] | None:
        """The box of the pixels one thing covers when nothing hides it."""
        found: list[int] | None = self._page.evaluate(
            "([frame, id]) => window.extent(frame, id)", [frame, thing_id]
        )
        return found


@contextmanager
def painter() -> Iterator[Painter]:
    """A drawing page for as long as the block runs.

    :raises NoBrowser: Chromium or three.js is missing.
    """
    if not (HOME / "node_modules/three/build/three.module.js").is_file():
        raise NoBrowser("three.js is missing; run `npm ci` in tools/scene first")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page()
        page.on("pageerror", lambda error: print("page:", error, flush=True))
        page.route("**/*", _serve)
        page.goto(f"{ORIGIN}/page/index.html")
        page.wait_for_function("window.ready", timeout=30_000)
        yield Painter(page)
        browser.close()
