"""GB/T 28181 cameras through wvp-GB28181-pro and ZLMediaKit, with the retry habits they need.

SIP is not spoken here. wvp is asked over HTTP to play a channel and answers with addresses of the
media server; the stream itself is then read like any other. Three habits of the field are built
in: the first INVITE often times out and the second works; after a restart an old session may still
be held and must be stopped first; a stream that opens and shows nothing is no dead device.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from chengzhi_vision.errors import SourceFailed
from chengzhi_vision.types import Frame

SCHEMES = {"wvp": "http", "wvps": "https"}
ADDRESSES = ("rtsp", "rtsps", "flv", "https_flv")  # in the order in which they are taken
INVITES = 3
REST_S = 2.0
TIMEOUT = httpx.Timeout(25.0, connect=5.0)  # wvp itself waits some ten seconds for a device
HEADER = "CHENGZHI_WVP_HEADER"
Kept = TypeVar("Kept")  # what is kept of the stream beside its frames


def is_wvp(address: str) -> bool:
    """Tell whether an address names a channel: wvp://host:port/device/channel."""
    return address.partition("://")[0] in SCHEMES


@dataclass
class Gateway:
    """One channel of a wvp platform."""

    address: str
    wait: Callable[[float], object]
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    transport: httpx.BaseTransport | None = None

    def play(self) -> str:
        """Return where the media server gives the stream.

        :raises SourceFailed: the platform is away, refuses, or the device does not answer.
        """
        said = ""
        for attempt in range(INVITES):
            if attempt:
                self.stop()  # an old session is held, or the last INVITE left half a one
                self.wait(REST_S * attempt)
            answer = self._ask("start")
            if found := _stream(answer):
                return found
            said = f"{answer.get('code', '?')} {answer.get('msg', '')}".strip()
        raise SourceFailed(
            f"国标平台 {INVITES} 次点播都没有给出码流（{said}），设备可能离线；将自动重试。"
        )

    def stop(self) -> None:
        """End the session; that there is none is no failure."""
        try:
            self._ask("stop")
        except SourceFailed:
            return

    def read(
        self, open_video: Callable[[str], tuple[Iterator[Frame], Kept]]
    ) -> tuple[Iterator[Frame], Kept]:
        """Play the channel and open its stream; where that fails, its session is ended.

        :raises SourceFailed: as `play` does, or as opening the stream does.
        """
        address = self.play()
        try:
            frames, kept = open_video(address)
        except SourceFailed:
            self.stop()
            raise
        return self.shown(frames), kept

    def shown(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """Pass frames on; where the stream never showed one, its session is ended.

        :raises SourceFailed: as the stream does, and where it ended without a picture.
        """
        seen = False
        try:
            for frame in frames:
                seen = True
                yield frame
        finally:
            if not seen:
                self.stop()
        if not seen:
            raise SourceFailed("国标设备在线但没有画面，会话已释放，将重新点播。")

    def _ask(self, deed: str) -> dict[str, Any]:
        base, path = _channel(self.address)
        try:
            with httpx.Client(base_url=base, timeout=TIMEOUT, transport=self.transport) as client:
                answer = client.get(f"/api/play/{deed}/{path}", headers=self._headers())
                answer.raise_for_status()
                found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            message = f"国标平台 {base} 没有正常答复（{type(error).__name__}），将自动重试。"
            raise SourceFailed(message) from error
        return found if isinstance(found, dict) else {}

    def _headers(self) -> dict[str, str]:
        """Return the header that signs in to wvp, "name: value"; it is never part of an address."""
        name, mark, value = self.environment.get(HEADER, "").partition(":")
        return {name.strip(): value.strip()} if mark else {}


def _channel(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    ids = [part for part in parts.path.split("/") if part]
    if len(ids) != 2 or not all(one.isdigit() for one in ids) or not parts.hostname:
        raise SourceFailed(
            "国标地址应写成 wvp://主机:端口/设备编号/通道编号，编号为 20 位数字，请改正。"
        )
    return f"{SCHEMES[parts.scheme]}://{parts.netloc.rpartition('@')[2]}", "/".join(ids)


def _stream(answer: Mapping[str, Any]) -> str:
    """Return the first address that can be read, RTSP before FLV; nothing if it was refused."""
    data = answer.get("data")
    if answer.get("code") != 0 or not isinstance(data, Mapping):
        return ""
    return next((str(data[name]) for name in ADDRESSES if data.get(name)), "")
