"""Pictures in color, made in memory that is there already.

A fresh 2.8 MB for each picture costs the machine four times what the conversion itself takes. The
chain of filters below keeps the memory of pictures that were let go; a few chains serve all cameras.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import numpy as np

from chengzhi_vision.lending import Lender
from chengzhi_vision.types import Picture

Kind = tuple[int, int, str, int, int]
BGR = "bgr24"
MOST_PICTURES = 500  # then a chain is closed: it keeps the memory of all that were out at once


def in_color(picture: Any) -> Picture:
    """Return a decoded picture in color (BGR); its memory goes back when nobody holds it."""
    if picture.format.name == BGR:
        return _seen(picture)
    kind = (
        picture.width,
        picture.height,
        picture.format.name,
        int(picture.colorspace),
        int(picture.color_range),
    )
    with CHAINS.lent(kind) as chain:
        chain.push(picture)
        return _seen(chain.pull())


def _chain(kind: Kind) -> Any:
    width, height, name, *_ = kind
    graph = av.filter.Graph()
    graph.threads = 1
    source = graph.add_buffer(
        width=width, height=height, format=av.VideoFormat(name), time_base=Fraction(1, 1000)
    )
    made = [graph.add("scale", "flags=bilinear"), graph.add("format", BGR), graph.add("buffersink")]
    for one, other in zip([source, *made], made, strict=False):
        one.link_to(other)
    graph.configure()
    return graph


def _seen(picture: Any) -> Picture:
    """Return the pixels without copying them; rows may be longer than the picture."""
    plane = picture.planes[0]
    shape = (picture.height, picture.width, 3)
    return np.ndarray(shape, np.uint8, buffer=plane, strides=(plane.line_size, 3, 1))


CHAINS: Lender[Kind, Any] = Lender(_chain, most_uses=MOST_PICTURES)
