"""Generated files for tests: pictures with and without EXIF, clips, documents."""

import io
import zipfile
from fractions import Fraction

import av
import numpy as np
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


def picture(*, size=(640, 480), form="JPEG", colour=(200, 60, 20), exif=None, mode="RGB") -> bytes:
    out = io.BytesIO()
    options = {"exif": exif} if exif is not None else {}
    Image.new(mode, size, colour).save(out, form, **options)
    return out.getvalue()


def exif(*, at="2026:11:25 10:20:30", offset=None, gps=True, orientation=None) -> Image.Exif:
    tags = Image.Exif()
    tags[Base.Make] = "TestPhone"
    if orientation:
        tags[Base.Orientation] = orientation
    tags.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = at
    if offset:
        tags.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = offset
    if gps:
        place = tags.get_ifd(IFD.GPSInfo)
        place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (29.0, 28.0, 36.0)
        place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", (121.0, 52.0, 12.0)
    return tags


def clip(
    *,
    form="mp4",
    codec="mpeg4",
    frames=12,
    size=(160, 120),
    metadata=None,
    seconds_apart=None,
    sound_only=False,
) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        container.metadata.update(metadata or {})
        if sound_only:
            _sound(container)
        else:
            _pictures(container, codec, frames, size, seconds_apart)
    return out.getvalue()


def _pictures(container, codec, frames, size, seconds_apart):
    stream = container.add_stream(codec, rate=12)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    for number in range(frames):
        shade = np.full((size[1], size[0], 3), number * 20 % 255, dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(shade, format="rgb24")
        if seconds_apart:
            frame.pts, frame.time_base = number * seconds_apart * 12, Fraction(1, 12)
        container.mux(stream.encode(frame))
    if seconds_apart:  # the last picture stays as long as the others
        shade = av.VideoFrame.from_ndarray(shade, format="rgb24")
        shade.pts, shade.time_base = frames * seconds_apart * 12, Fraction(1, 12)
        container.mux(stream.encode(shade))
    container.mux(stream.encode())


def _sound(container):
    stream = container.add_stream("aac", rate=16000, layout="mono")
    for number in range(4):
        samples = np.zeros((1, 1024), dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 16000, number * 1024
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def office(folder="word", *, extra=None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<document/>")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def checkered(width=400, height=300, *, form="PNG") -> bytes:
    """A picture that is all detail: what is hidden of it turns gray."""
    rows, columns = np.indices((height, width)) // 4
    board = np.where((rows + columns) % 2, 255, 0).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(np.stack([board] * 3, axis=2)).save(out, form)
    return out.getvalue()
