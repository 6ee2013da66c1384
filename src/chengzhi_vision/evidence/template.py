"""What is needed of a video stream to write its packets again after the stream is closed."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av


@dataclass(frozen=True, kw_only=True)
class StreamTemplate:
    """A copy of a stream's parameters; it outlives the container it came from."""

    codec: str
    width: int
    height: int
    rate: Fraction
    extradata: bytes | None
    holder: Any
    stream: Any


def template_of(stream: Any) -> StreamTemplate:
    """Copy the parameters of an open video stream."""
    holder = av.open(io.BytesIO(), "w", format="matroska")
    return StreamTemplate(
        codec=stream.codec_context.name,
        width=stream.width,
        height=stream.height,
        rate=Fraction(stream.average_rate or 25),
        extradata=stream.codec_context.extradata,
        holder=holder,
        stream=holder.add_stream_from_template(stream, opaque=True),
    )
