"""Frames of a file or a live stream through PyAV; packets go to the ring for evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import av

from chengzhi_vision.errors import SourceFailed
from chengzhi_vision.evidence.ring import PacketRing, Piece
from chengzhi_vision.evidence.template import template_of
from chengzhi_vision.sources.decoders import SHARED, kind_of
from chengzhi_vision.sources.gulps import gulped, waits_for_us
from chengzhi_vision.sources.picture import Again, DecodedFrame
from chengzhi_vision.sources.sampling import Sampler, StreamClock, WallAnchor
from chengzhi_vision.types import Frame

LIVE = (
    "rtsp://", "rtsps://", "rtmp://", "http://", "https://", "udp://", "wvp://", "wvps://",
)  # fmt: skip
TIMEOUT_S = 15.0
LIVE_JUMP_S = 60.0  # a longer leap of a stream's clock is a new clock, not lost time
RTSP = {"rtsp_transport": "tcp"}


def is_live(address: str) -> bool:
    """Tell whether an address is a stream rather than a file."""
    return address.startswith(LIVE)


class VideoSource:
    """One opened video; iterate `frames` until it ends or `stop` says so.

    With a `clock` the frames of a live stream carry the moment at which they came.
    """

    def __init__(
        self,
        address: str,
        *,
        fps: float,
        keyframes_only: bool,
        ring: PacketRing | None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.address, self.ring, self.keyframes_only = address, ring, keyframes_only
        self._sampler = Sampler(fps)
        self.decoded = 0
        self._container = _open(address)
        try:
            self.stream = self._container.streams.video[0]
        except IndexError as error:
            self._container.close()
            raise SourceFailed(f"视频源 {shown(address)} 中没有画面，请检查地址。") from error
        self.stream.thread_type = "SLICE"
        self.stream.codec_context.thread_count = 1
        self._base = float(self.stream.time_base)
        self.template = template_of(self.stream)
        if keyframes_only:
            self.stream.codec_context.skip_frame = "NONKEY"
        self._kind = kind_of(self.stream.codec_context) if keyframes_only else None
        self.is_put_off = self._kind is not None and clock is not None
        self.is_gulped = keyframes_only and waits_for_us(address)
        rate = float(self.stream.average_rate or 25)
        jump_s = LIVE_JUMP_S if is_live(address) else math.inf
        self._clock = StreamClock(default_step=1 / rate if rate > 0 else 0.04, jump_s=jump_s)
        self._first: float | None = None
        self._anchor = None if clock is None else WallAnchor(clock)

    @property
    def total_frames(self) -> int:
        """Return how many frames a file says it has; 0 when unknown."""
        return int(self.stream.frames)

    def frames(self, *, started_at: float, stop: Callable[[], bool]) -> Iterator[Frame]:
        """Yield the sampled frames; `started_at` is the wall clock of the first."""
        try:
            yield from self._frames(started_at, stop)
        except av.FFmpegError as error:
            message = f"视频源 {shown(self.address)} 中断：{type(error).__name__}，将自动重连。"
            raise SourceFailed(message) from error
        finally:
            self._container.close()

    def _frames(self, started_at: float, stop: Callable[[], bool]) -> Iterator[Frame]:
        packets = self._packets(stop)
        for packet in gulped(packets) if self.is_gulped else packets:
            if stop():
                return
            self._keep(packet)
            if self.keyframes_only and packet.size and not packet.is_keyframe:
                continue
            again = self._again(packet)
            if again is not None and self.is_put_off:
                promised = self._promised(packet, started_at, again)
                del packet
                if promised is not None:
                    yield promised
                del promised
                continue
            pictures = self._decode(packet)
            del packet
            while pictures:  # between two frames nothing here may hold a picture: 1.4 MB at 720p
                frame = self._frame(pictures.pop(0), started_at, again)
                if frame is not None:
                    waiting = [frame]
                    del frame
                    yield waiting.pop()

    def _again(self, packet: Any) -> Again | None:
        """Return how to decode a key frame once more; its packet is a twentieth of the picture."""
        kind = self._kind
        if kind is None or not packet.size:
            return None
        return lambda: SHARED.decode(packet, kind)[0]

    def _promised(self, packet: Any, started_at: float, again: Again) -> DecodedFrame | None:
        """Return a key frame that is decoded when it is judged: one that goes unjudged costs nothing."""
        stamp = None if packet.pts is None else float(packet.pts * packet.time_base)
        moment = self._due(stamp, started_at)
        if moment is None:
            return None
        return DecodedFrame(index=self.decoded - 1, pts=moment[0], at=moment[1], again=again)

    def _due(self, stamp: float | None, started_at: float) -> tuple[float, float] | None:
        """Return stream time and wall time of a picture that is due, else None."""
        self.decoded += 1
        pts = self._clock.seconds(stamp)
        if not self._sampler.wants(pts):
            return None
        return pts, started_at + pts if self._anchor is None else self._anchor.moment(pts)

    def _frame(self, picture: Any, started_at: float, again: Again | None) -> DecodedFrame | None:
        """Return the frame of a picture that is due, else None."""
        moment = self._due(picture.time, started_at)
        if moment is None:
            return None
        pts, at = moment
        return DecodedFrame(index=self.decoded - 1, pts=pts, at=at, picture=picture, again=again)

    def _packets(self, stop: Callable[[], bool]) -> Iterator[Any]:
        del stop
        return iter(self._container.demux(self.stream))

    def _decode(self, packet: Any) -> list[Any]:
        try:
            if self._kind is None:
                return list(packet.decode())
            return SHARED.decode(packet, self._kind) if packet.size else []
        except av.InvalidDataError:
            return []  # a damaged packet costs its frames, not the stream

    def _keep(self, packet: Any) -> None:
        if self.ring is None or (self.ring.is_resting and self._first is not None):
            return
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is None or packet.size == 0:
            return
        base = self._base
        self._first = stamp * base if self._first is None else self._first
        if self.ring.is_resting:
            return
        dts = stamp if packet.dts is None else packet.dts
        piece = Piece(
            pts=stamp * base - self._first,
            dts=dts * base - self._first,
            duration=(packet.duration or 0) * base,
            is_key=bool(packet.is_keyframe),
            payload=bytes(packet),
        )
        self.ring.add(piece)


def shown(address: str) -> str:
    """Return an address without the name and password it may carry."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else address


def _open(address: str) -> Any:
    options = RTSP if address.startswith("rtsp") else {}
    try:
        if is_live(address):
            return av.open(address, options=options, timeout=TIMEOUT_S)
        return av.open(address)
    except (av.FFmpegError, OSError) as error:
        message = f"视频源 {shown(address)} 打不开：{type(error).__name__}，请检查地址和网络。"
        raise SourceFailed(message) from error
