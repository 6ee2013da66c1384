"""Copies for people: turned upright, without metadata, faces and plates hidden; never the original.

Until something has looked for faces, a copy is a coarse sketch of the whole picture.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import av
import numpy as np
from PIL import Image, ImageOps

from chengzhi.evidence.rules.hiding import in_pixels
from chengzhi.evidence.types import MediaKind, MediaType
from chengzhi.kernel.errors import DomainError
from chengzhi_redaction.mosaic import coarse, hide

LONG_SIDE = 1600
THUMBNAIL_SIDE = 320
QUALITY = 82
COPY_TYPE = "image/webp"
Made = TypeVar("Made")
Rows = Sequence[Mapping[str, Any]]
NO_CLIP = (
    "录像没有遮挡过的副本。需要查看的，请写明事由调阅原件；没有权限的，请由值班长或复核员办理。"
)
DAMAGED = "文件有损坏，做不出可查看的副本。请由有权调阅原件的人员下载原件查看。"


class NoSuchCopy(DomainError):
    """This kind of file has no copy of this kind."""

    code = "no-such-copy"
    status = 404


def published(content: bytes, media: MediaType, *, rows: Rows | None) -> tuple[bytes, str]:
    """Return the copy that people are shown, and its type; without rows it is a coarse sketch.

    A picture becomes WebP with a long side of at most 1600; a document stays as it is.

    :raises NoSuchCopy: a recording is shown in the original only, or the file is damaged.
    """
    if media.kind is MediaKind.IMAGE:
        return _copied(lambda: _webp(hidden(_upright(content, LONG_SIDE), rows))), COPY_TYPE
    if media.kind is MediaKind.VIDEO:
        raise NoSuchCopy(NO_CLIP)
    return content, media.name


def thumbnail(content: bytes, media: MediaType, *, rows: Rows | None) -> tuple[bytes, str]:
    """Return a picture of at most 320 by 320; of a recording a sketch of its first frame.

    :raises NoSuchCopy: a document has none.
    """
    if media.kind is MediaKind.IMAGE:
        return _copied(lambda: _webp(hidden(_upright(content, THUMBNAIL_SIDE), rows))), COPY_TYPE
    if media.kind is MediaKind.VIDEO:
        return _copied(lambda: _webp(hidden(_first_frame(content), None))), COPY_TYPE
    raise NoSuchCopy("文件没有缩略图，请下载查看。")


def upright(content: bytes, media: MediaType) -> np.ndarray:
    """Return a picture as people are shown it, blue-green-red, for whoever looks for faces.

    :raises NoSuchCopy: the file is damaged, or no picture.
    """
    if media.kind is not MediaKind.IMAGE:
        raise NoSuchCopy(NO_CLIP)
    image = _copied(lambda: _upright(content, LONG_SIDE))
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def hidden(image: Image.Image, rows: Rows | None) -> Image.Image:
    """Return a picture without the detail of the rows; without rows, without any detail."""
    pixels = np.array(image)
    if rows is None:
        return Image.fromarray(coarse(pixels))
    height, width = pixels.shape[:2]
    hide(pixels, in_pixels(rows, width=width, height=height))
    return Image.fromarray(pixels)


def _copied(make: Callable[[], Made]) -> Made:
    try:
        return make()
    except (av.error.FFmpegError, StopIteration, OSError, SyntaxError, ValueError):
        raise NoSuchCopy(DAMAGED) from None


def _upright(content: bytes, side: int) -> Image.Image:
    with Image.open(io.BytesIO(content)) as image:
        image.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(image)
        flat = _on_white(upright)
    flat.thumbnail((side, side), Image.Resampling.LANCZOS)
    return flat


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(ground, layered).convert("RGB")
    return image.convert("RGB")


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=None)
    return out.getvalue()


def _first_frame(content: bytes) -> Image.Image:
    with av.open(io.BytesIO(content), "r") as container:
        image: Image.Image = next(container.decode(video=0)).to_image()  # type: ignore[no-untyped-call]
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return image
