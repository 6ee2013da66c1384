"""Answers on disk until the server has them: one JSON file each, with its pictures beside it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from chengzhi_vision.errors import DeliveryRefused, SourceFailed
from chengzhi_vision.recheck.answers import Told, body_of
from chengzhi_vision.spool.backoff import wait_s
from chengzhi_vision.stills import sha256
from chengzhi_vision.whole import write_whole

MOST_TRIES = 60  # refused so often, a finding will not come any more
log = logging.getLogger("chengzhi_vision")


class Platform(Protocol):
    """What the outbox needs of the server."""

    def put_evidence(self, sha256: str, path: Path, *, media_type: str) -> None: ...

    def post_gone(self, finding_id: str, body: dict[str, Any]) -> list[str]: ...

    def post_answer(self, number: int, body: dict[str, Any]) -> list[str]: ...


class Outbox:
    """The answers of one worker that wait for the server; they survive a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, told: Told) -> None:
        """Keep an answer: its picture first, then the message, so that it is whole or absent."""
        still = sha256(told.jpeg) if told.jpeg else ""
        if still:
            write_whole(self.folder / f"{still}.jpg", told.jpeg, is_lasting=True)
        letter = {
            "finding_id": told.finding_id,
            "number": told.number,
            "body": body_of(told, still=still),
            "tries": 0,
            "next_try": 0.0,
        }
        write_whole(self.folder / f"{told.name}.json", json.dumps(letter), is_lasting=True)

    def waiting(self) -> list[Path]:
        """Return the letters, oldest first."""
        return sorted(
            self.folder.glob("*.json"), key=lambda path: (path.stat().st_mtime, path.name)
        )

    def send(
        self, server: Platform, *, clock: Callable[[], float], chance: Callable[[], float]
    ) -> int:
        """Send what is due; a failure of the line ends the round. Return how many went."""
        sent = 0
        for path in self.waiting():
            letter = json.loads(path.read_text("utf-8"))
            if letter["next_try"] > clock():
                continue
            try:
                self._post(letter, server)
            except DeliveryRefused as refusal:
                self._refused(path, letter, refusal, clock=clock, chance=chance)
            except SourceFailed:
                self._again(path, letter, at=clock() + wait_s(letter["tries"], chance=chance))
                return sent
            else:
                self._drop(path, letter)
                sent += 1
        return sent

    def _post(self, letter: dict[str, Any], server: Platform) -> None:
        """Bring the pictures, then the message; what is still missing is brought once more."""
        missing = self._pictures(letter)
        for _ in range(2):
            for name in missing:
                path = self.folder / f"{name}.jpg"
                if path.is_file():
                    server.put_evidence(name, path, media_type="image/jpeg")
            missing = self._say(letter, server)
            if not missing:
                return
        raise SourceFailed("平台说图片没有收到，将重试。")

    @staticmethod
    def _say(letter: dict[str, Any], server: Platform) -> list[str]:
        if letter["number"] is None:
            return server.post_gone(letter["finding_id"], letter["body"])
        return server.post_answer(letter["number"], letter["body"])

    @staticmethod
    def _pictures(letter: dict[str, Any]) -> list[str]:
        still = letter["body"]["still"]
        return [still] if still else []

    def _refused(
        self,
        path: Path,
        letter: dict[str, Any],
        refusal: DeliveryRefused,
        *,
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        """A finding may still be on its way: the word that it is gone waits for it."""
        if letter["number"] is not None or letter["tries"] >= MOST_TRIES:
            log.error("second look refused: %s", refusal.sentence)
            self._drop(path, letter)
            return
        self._again(path, letter, at=clock() + wait_s(letter["tries"], chance=chance))

    @staticmethod
    def _again(path: Path, letter: dict[str, Any], *, at: float) -> None:
        letter["tries"], letter["next_try"] = letter["tries"] + 1, at
        write_whole(path, json.dumps(letter), is_lasting=True)

    def _drop(self, path: Path, letter: dict[str, Any]) -> None:
        path.unlink(missing_ok=True)
        needed = {
            h
            for other in self.waiting()
            for h in self._pictures(json.loads(other.read_text("utf-8")))
        }
        for name in self._pictures(letter):
            if name not in needed:
                (self.folder / f"{name}.jpg").unlink(missing_ok=True)
