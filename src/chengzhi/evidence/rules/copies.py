"""Published copies: re-encoded, turned upright, without any metadata; never the original."""

import io
from collections.abc import Callable

import av
from av.container import InputContainer, OutputContainer
from PIL import Image, ImageOps

from chengzhi.evidence.types import MediaKind, MediaType
from chengzhi.kernel.errors import DomainError

LONG_SIDE = 1600
THUMBNAIL_SIDE = 320
QUALITY = 82
COPY_TYPE = "image/webp"
CONTAINERS = {"mp4": "mp4", "mov": "mov", "webm": "webm"}


class NoSuchCopy(DomainError):
    """This kind of file has no copy of this kind."""

    code = "no-such-copy"
    status = 404


def published(content: bytes, media: MediaType) -> tuple[bytes, str]:
    """Return the copy that people are shown, and its type.

    A picture becomes WebP with a long side of at most 1600; a recording is remuxed without
    its metadata (place, device); a document or an AVI recording stays as it is.
    """
    if media.kind is MediaKind.IMAGE:
        return _copied(lambda: _webp(_upright(content, LONG_SIDE))), COPY_TYPE
    if media.extension in CONTAINERS:
        return _copied(lambda: _remuxed(content, CONTAINERS[media.extension])), media.name
    return content, media.name


def thumbnail(content: bytes, media: MediaType) -> tuple[bytes, str]:
    """Return a picture of at most 320 by 320; of a recording its first frame.

    :raises NoSuchCopy: a document has none.
    """
    if media.kind is MediaKind.IMAGE:
        return _copied(lambda: _webp(_upright(content, THUMBNAIL_SIDE))), COPY_TYPE
    if media.kind is MediaKind.VIDEO:
        return _copied(lambda: _webp(_first_frame(content, THUMBNAIL_SIDE))), COPY_TYPE
    raise NoSuchCopy("文件没有缩略图，请下载查看。")


def _copied(make: Callable[[], bytes]) -> bytes:
    try:
        return make()
    except (av.error.FFmpegError, StopIteration, OSError, SyntaxError, ValueError):
        raise NoSuchCopy(
            "文件有损坏，做不出可查看的副本。请由有权调阅原件的人员下载原件查看。"
        ) from None


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


def _first_frame(content: bytes, side: int) -> Image.Image:
    with av.open(io.BytesIO(content), "r") as container:
        image: Image.Image = next(container.decode(video=0)).to_image()  # type: ignore[no-untyped-call]
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return image


def _remuxed(content: bytes, container_format: str) -> bytes:
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(content), "r") as source,
        av.open(out, "w", format=container_format) as target,
    ):
        _copy_streams(source, target)
    return out.getvalue()


def _copy_streams(source: InputContainer, target: OutputContainer) -> None:
    kept = [stream for stream in source.streams if stream.type in ("video", "audio")]
    copies = {stream.index: target.add_stream_from_template(stream) for stream in kept}
    for packet in source.demux(kept):
        if packet.dts is not None:  # the packet that ends a stream
            packet.stream = copies[packet.stream.index]
            target.mux(packet)
