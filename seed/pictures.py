"""Rendered pictures for the demo's records, stored once and handed out by matter and role."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

from chengzhi.accounts.types import Actor
from chengzhi.evidence import interface as evidence
from chengzhi.workorders.types import PhotoRef

IMAGES = Path(__file__).parent / "img"
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

    def content(self, sha256: str) -> bytes:
        """Return the bytes of a picture that somebody handed in.

        :raises StopIteration: nobody did.
        """
        name = next(n for (_, n), kept in self._deposits.items() if kept == sha256)
        return (IMAGES / name).read_bytes()

    def _deposit(self, name: str, by: Actor, now: datetime) -> str:
        key = (by.ref, name)
        if key not in self._deposits:
            content = (IMAGES / name).read_bytes()
            self._deposits[key] = evidence.store(content, name=name, actor=by, now=now).sha256
        return self._deposits[key]


@cache
def index() -> list[dict[str, str]]:
    """Return what `seed/img/index.json` lists."""
    return json.loads((IMAGES / "index.json").read_text(encoding="utf-8"))["pictures"]
