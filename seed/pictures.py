"""Rendered pictures for the demo's records, stored once and handed out by matter and role."""

import json
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageEnhance

from chengzhi.accounts.types import Actor
from chengzhi.evidence import interface as evidence
from chengzhi.workorders.types import PhotoRef

IMAGES = Path(__file__).parent / "img"
WIDE = "|"  # stands between the light and the file of a camera's picture
LIGHTS = (0.94, 1.0, 1.06)
FRAME = (960, 540)  # of the demo's cameras
# A verification looks at the problem, a check at what has become of it.
SHOWN_AS = {"verify": "near", "check": "after"}


class Album:
    """The pictures of `seed/img`, by matter and role, deposited by whoever hands one in."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, str], list[str]] = {}
        self._deposits: dict[tuple[str, str], str] = {}  # (actor, file name) -> hash
        for picture in index():
            key = (picture["matter_code"], picture["role"])
            self._files.setdefault(key, []).append(picture["file"])

    def photos(
        self, matter: str, *roles: str, by: Actor, now: datetime, turn: int = 0
    ) -> tuple[PhotoRef, ...]:
        """Return one picture for each role: the matter's own, or one of any matter."""
        return tuple(
            PhotoRef(sha256=self._deposit(found[turn % len(found)], by, now), role=role)
            for role in roles
            if (found := self._find(matter, SHOWN_AS.get(role, role)))
        )

    def _find(self, matter: str, role: str) -> list[str]:
        own = self._files.get((matter, role))
        return own or [
            name for (_, kind), all_ in self._files.items() if kind == role for name in all_
        ]

    def seen(self, matter: str, *, by: Actor, now: datetime) -> tuple[PhotoRef, ...]:
        """Return what a camera sees of a matter, at three moments, in its own wide picture."""
        name = self._find(matter, "far")[0]
        return tuple(
            PhotoRef(sha256=self._deposit(f"{light}{WIDE}{name}", by, now), role="far")
            for light in LIGHTS
        )

    def content(self, sha256: str) -> bytes:
        """Return the bytes of a picture that somebody handed in.

        :raises StopIteration: nobody did.
        """
        return _bytes(next(n for (_, n), kept in self._deposits.items() if kept == sha256))

    def _deposit(self, name: str, by: Actor, now: datetime) -> str:
        key = (by.ref, name)
        if key not in self._deposits:
            content, shown = _bytes(name), name.rpartition(WIDE)[2]
            self._deposits[key] = evidence.store(content, name=shown, actor=by, now=now).sha256
        return self._deposits[key]


@cache
def _bytes(name: str) -> bytes:
    """Return a picture of the folder, or what a camera of 16:9 would see of it in some light."""
    light, _, file = name.rpartition(WIDE)
    if not light:
        return (IMAGES / file).read_bytes()
    out = BytesIO()
    with Image.open(IMAGES / file) as picture:
        height = picture.width * 9 // 16
        top = (picture.height - height) // 2
        whole = picture.convert("RGB").crop((0, top, picture.width, top + height))
    seen = whole.resize(FRAME)
    ImageEnhance.Brightness(seen).enhance(float(light)).save(out, "WEBP", quality=80)
    return out.getvalue()


@cache
def index() -> list[dict[str, str]]:
    """Return what `seed/img/index.json` lists."""
    return json.loads((IMAGES / "index.json").read_text(encoding="utf-8"))["pictures"]
