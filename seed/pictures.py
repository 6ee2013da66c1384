"""Rendered pictures for the demo's records, stored once and handed out by matter and role."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

from chengzhi.accounts.types import Actor
from chengzhi.evidence import interface as evidence
from chengzhi.workorders.types import PhotoRef

IMAGES = Path(__file__).parent / "img"


class Album:
    """The pictures of `seed/img`, by matter and role, as stored evidence."""

    def __init__(self, *, actor: Actor, now: datetime) -> None:
        self._stored: dict[tuple[str, str], list[str]] = {}
        for picture in index():
            content = (IMAGES / picture["file"]).read_bytes()
            kept = evidence.store(content, name=picture["file"], actor=actor, now=now)
            key = (picture["matter_code"], picture["role"])
            self._stored.setdefault(key, []).append(kept.sha256)

    def photos(self, matter: str, *roles: str, turn: int = 0) -> tuple[PhotoRef, ...]:
        """Return one picture for each role: the matter's own, or one of any matter."""
        return tuple(
            PhotoRef(sha256=found[turn % len(found)], role=role)
            for role in roles
            if (found := self._find(matter, role))
        )

    def _find(self, matter: str, role: str) -> list[str]:
        own = self._stored.get((matter, role))
        return own or [
            sha for (_, kind), all_ in self._stored.items() if kind == role for sha in all_
        ]


@cache
def index() -> list[dict[str, str]]:
    """Return what `seed/img/index.json` lists."""
    return json.loads((IMAGES / "index.json").read_text(encoding="utf-8"))["pictures"]
