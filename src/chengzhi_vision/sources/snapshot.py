"""Frames fetched one by one from a camera's snapshot address over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx

from chengzhi_vision.errors import SourceFailed
from chengzhi_vision.jpeg import decoded
from chengzhi_vision.types import Frame, Picture

PREFIX = "snapshot+"
MAX_BYTES = 20 * 1024 * 1024


def is_snapshot(address: str) -> bool:
    """Tell whether an address asks for single pictures: snapshot+http://… or a picture's name."""
    plain = address.partition("?")[0].lower()
    is_picture = plain.startswith(("http://", "https://")) and plain.endswith((".jpg", ".jpeg"))
    return address.startswith(PREFIX) or is_picture


class SnapshotSource:
    """Polls one address; time is the wall clock, there is no other."""

    def __init__(
        self,
        address: str,
        *,
        every_s: float,
        clock: Callable[[], float],
        wait: Callable[[float], bool],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.address, self.every_s = address.removeprefix(PREFIX), every_s
        self._clock, self._wait = clock, wait
        self._client = httpx.Client(timeout=10.0, transport=transport, follow_redirects=True)

    def frames(self, *, started_at: float, stop: Callable[[], bool]) -> Iterator[Frame]:
        """Yield one frame per poll until `stop` says so."""
        index = 0
        try:
            while not stop():
                at = self._clock()
                yield Frame(index=index, pts=at - started_at, at=at, image=self._fetch())
                index += 1
                self._wait(max(self.every_s - (self._clock() - at), 0.0))
        finally:
            self._client.close()

    def _fetch(self) -> Picture:
        try:
            answer = self._client.get(self.address)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            message = f"快照地址取不到画面（{type(error).__name__}），将自动重试。"
            raise SourceFailed(message) from error
        image = decoded(answer.content[:MAX_BYTES])
        if image is None:
            raise SourceFailed("快照地址返回的内容不是图片，请检查地址。")
        return image
