"""Write a clip: the camera's own packets in MP4, or a permissive encoder where MP4 refuses."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from chengzhi_vision.evidence.ring import Piece
from chengzhi_vision.evidence.template import StreamTemplate

REMUXED = frozenset({"h264", "hevc", "mpeg4", "av1", "vp9"})
ENCODERS = ("libsvtav1", "mpeg4")  # permissive licences only; never the GPL encoder
TICK = Fraction(1, 90000)
os.environ.setdefault("SVT_LOG", "1")  # the encoder otherwise talks on stderr


def write_clip(pieces: Sequence[Piece], *, template: StreamTemplate, path: Path) -> str | None:
    """Write the clip and return how it was made: "remuxed", an encoder's name, or None."""
    if not pieces:
        return None
    if template.codec in REMUXED and _try(_remux, pieces, template, path):
        return "remuxed"
    for encoder in ENCODERS:
        if _try(lambda p, s, f, e=encoder: _encode(p, s, f, e), pieces, template, path):
            return encoder
    path.unlink(missing_ok=True)
    return None


def _try(deed: Any, pieces: Sequence[Piece], template: StreamTemplate, path: Path) -> bool:
    try:
        deed(pieces, template, path)
    except (av.FFmpegError, ValueError):
        return False
    return path.is_file() and path.stat().st_size > 0


def _remux(pieces: Sequence[Piece], template: StreamTemplate, path: Path) -> None:
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as out:
        target = out.add_stream_from_template(template.stream, opaque=True)
        for packet in _packets(pieces):
            packet.stream = target
            out.mux(packet)


def _packets(pieces: Sequence[Piece]) -> Iterator[Any]:
    origin = min(piece.dts for piece in pieces)
    last = -1
    for piece in pieces:
        packet = av.Packet(piece.payload)
        packet.time_base = TICK
        last = max(round((piece.dts - origin) / TICK), last + 1)
        packet.dts = last
        packet.pts = max(round((piece.pts - origin) / TICK), last)
        packet.duration = round(piece.duration / TICK)
        packet.is_keyframe = piece.is_key
        yield packet


def _encode(pieces: Sequence[Piece], template: StreamTemplate, path: Path, encoder: str) -> None:
    rate = template.rate
    with av.open(str(path), "w", format="mp4") as out:
        target: Any = out.add_stream(encoder, rate=rate)
        target.width, target.height = (
            template.width - template.width % 2,
            template.height - template.height % 2,
        )
        target.pix_fmt = "yuv420p"
        target.options = {"preset": "10", "crf": "38"} if encoder == "libsvtav1" else {"q": "5"}
        target.bit_rate = 1_500_000 if encoder == "mpeg4" else 0
        for number, frame in enumerate(_decoded(pieces, template)):
            picture = frame.reformat(target.width, target.height, "yuv420p")
            picture.pts, picture.time_base = number, 1 / rate
            out.mux(target.encode(picture))
        out.mux(target.encode(None))


def _decoded(pieces: Sequence[Piece], template: StreamTemplate) -> Iterator[Any]:
    decoder: Any = av.CodecContext.create(template.codec, "r")
    decoder.extradata = template.extradata
    decoder.width, decoder.height = template.width, template.height
    for packet in _packets(pieces):
        yield from decoder.decode(packet)
    yield from decoder.decode(None)
