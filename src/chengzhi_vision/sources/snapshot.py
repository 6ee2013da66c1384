"""Frames fetched one by one from a camera's snapshot address over HTTP.

The user and password of the address answer a Digest or Basic challenge; a gateway's key goes into a
header (CHENGZHI_SNAPSHOT_HEADER). Neither follows a redirect to another host. A camera that stumbles
is asked again at once; one that refuses is not, because many lock a user out after some tries.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

import httpx

from chengzhi_vision.errors import SourceFailed
from chengzhi_vision.jpeg import decoded
from chengzhi_vision.sources.sign_in import auth_of, header_for, may_know, without_secrets
from chengzhi_vision.types import Frame, Picture

PREFIX = "snapshot+"
MAX_BYTES = 20 * 1024 * 1024
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
TRIES, REST_S = 3, 1.0
MOST_HOPS = 3
# Beside what goes wrong on the line: a challenge that is broken or of a kind nobody knows.
BROKEN = (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError, NotImplementedError)
REFUSALS = {
    401: "快照地址要求登录，或用户名、密码不对（401），请改正地址中的用户名和密码。",
    403: "快照地址不许此用户取图（403），请在摄像机上给该用户抓图权限。",
    404: "快照地址不存在（404），请按摄像机型号改正地址。",
}


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
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self.every_s, self._clock, self._wait = every_s, clock, wait
        self._environment = environment
        try:
            given = httpx.URL(address.removeprefix(PREFIX))
        except httpx.InvalidURL as error:
            raise SourceFailed(
                "快照地址写法有误，应为 snapshot+http://主机/路径，请改正。"
            ) from error
        self._auth, self._url = auth_of(given), without_secrets(given)
        self._client = httpx.Client(timeout=TIMEOUT, transport=transport)

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
        """Return the picture of one poll.

        :raises SourceFailed: the camera is away, refuses, or sends no picture.
        """
        said = ""
        for attempt in range(TRIES):
            if attempt and self._wait(REST_S * attempt):
                break
            try:
                answer = self._answer()
            except BROKEN as error:
                said = type(error).__name__
                continue
            if answer.status_code < 500:
                return _picture(answer)
            said = str(answer.status_code)
        raise SourceFailed(f"快照地址取不到画面（{said}），将自动重试。")

    def _answer(self) -> httpx.Response:
        """Ask, and follow where the camera sends us; another host is told no secret."""
        url = self._url
        for _ in range(MOST_HOPS + 1):
            knows = may_know(url, meant=self._url)
            answer = self._client.get(
                url,
                auth=self._auth if knows else None,
                headers=header_for(url, self._environment),
            )
            if answer.next_request is None:
                return answer
            url = without_secrets(answer.next_request.url)
        raise httpx.TooManyRedirects("too many redirects", request=answer.request)


def _picture(answer: httpx.Response) -> Picture:
    status = answer.status_code
    if status != 200:
        raise SourceFailed(REFUSALS.get(status, f"快照地址没有给出画面（{status}），将自动重试。"))
    image = decoded(answer.content[:MAX_BYTES])
    if image is None:
        raise SourceFailed("快照地址返回的内容不是图片，请检查地址。")
    return image
