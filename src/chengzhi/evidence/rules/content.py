"""What a file really is, judged by its bytes and never by its name (design.md 6)."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import tzinfo

import av
from PIL import Image, UnidentifiedImageError

from chengzhi.evidence.rules.exif import taken
from chengzhi.evidence.rules.media import MB, MEDIA, by_extension
from chengzhi.evidence.types import Checked, MediaKind, MediaType
from chengzhi.kernel.errors import InvalidInput

ACCEPTED = "请上传 JPEG、PNG、WebP 图片，MP4、MOV、WebM、AVI 录像，或 PDF、DOCX、XLSX 文件。"
LONGEST_VIDEO_S = 1800
MOST_BYTES = max(media.most_bytes for media in MEDIA)
MOST_UNPACKED = 200 * MB
MOST_MEMBERS = 5000
DRAFT = (2048, 2048)
IMAGE_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


class UploadRefused(InvalidInput):
    """The uploaded bytes are not a file that may be stored; the sentence says why."""

    code = "upload-refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="file")


def check(content: bytes, *, zone: tzinfo) -> Checked:
    """Return what the bytes are, or refuse them. `zone` reads device times that name none.

    :raises UploadRefused: empty, too large, of no known type, damaged, or a decompression bomb.
    """
    media = sniff(content)
    if len(content) > media.most_bytes:
        size, most = len(content) / MB, media.most_bytes // MB
        raise UploadRefused(f"文件有 {size:.1f} MB，超过 {most} MB 的上限，请压缩后再传。")
    return _CHECKS[media.kind](content, media, zone)


def refuse_size(size: int) -> None:
    """Refuse an upload by its announced size, before it is read into memory.

    :raises UploadRefused: no type of file may be so large.
    """
    if size > MOST_BYTES:
        raise UploadRefused(
            f"文件有 {size / MB:.0f} MB，超过 {MOST_BYTES // MB} MB 的上限，请压缩后再传。"
        )


def sniff(content: bytes) -> MediaType:
    """Return the type that the first bytes prove.

    :raises UploadRefused: the bytes are of no type that is stored.
    """
    if not content:
        raise UploadRefused("文件是空的，请重新选择文件。")
    for extension, matches in _MAGIC:
        if matches(content):
            return by_extension(extension)
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:
        raise UploadRefused("暂不接收 HEIC 图片，请在手机相机设置中选“兼容性最佳”后重拍。")
    raise UploadRefused("文件内容与支持的类型都不符（扩展名不作数）。" + ACCEPTED)


def _is_mp4(content: bytes) -> bool:
    brands = (*HEIF_BRANDS, b"qt  ")
    return content[4:8] == b"ftyp" and content[8:12] not in brands


def _is_office(content: bytes, folder: str) -> bool:
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        return False
    return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)


_MAGIC: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("jpg", lambda content: content.startswith(b"\xff\xd8\xff")),
    ("png", lambda content: content.startswith(b"\x89PNG\r\n\x1a\n")),
    ("webp", lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP"),
    ("avi", lambda content: content[:4] == b"RIFF" and content[8:12] == b"AVI "),
    ("mov", lambda content: content[4:12] == b"ftypqt  "),
    ("mp4", _is_mp4),
    ("webm", lambda content: content[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in content[:64]),
    ("pdf", lambda content: content.startswith(b"%PDF-")),
    ("docx", lambda content: _is_office(content, "word/")),
    ("xlsx", lambda content: _is_office(content, "xl/")),
)


def _check_image(content: bytes, media: MediaType, zone: tzinfo) -> Checked:
    try:
        return _decoded(content, media, zone)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise UploadRefused("图片已损坏或不完整，打不开。请重新拍摄或重新导出后再传。") from None


def _decoded(content: bytes, media: MediaType, zone: tzinfo) -> Checked:
    """Decode the whole picture, so that a cut-off or forged one is refused."""
    with Image.open(io.BytesIO(content), formats=(IMAGE_FORMATS[media.extension],)) as image:
        width, height = image.size
        _refuse_pixels(width, height, media)
        found = taken(image.getexif(), zone=zone)
        image.draft("RGB", DRAFT)
        image.load()
    return Checked(media_type=media, width=width, height=height, taken=found)


def _refuse_pixels(width: int, height: int, media: MediaType) -> None:
    if width * height > media.most_pixels:
        most = media.most_pixels // 10**6
        raise UploadRefused(
            f"画面为 {width}×{height}，超过 {most * 100} 万像素的上限，请缩小后再传。"
        )


def _check_video(content: bytes, media: MediaType, zone: tzinfo) -> Checked:
    try:
        return _probed(content, media)
    except (av.error.FFmpegError, StopIteration, ValueError):
        raise UploadRefused("录像已损坏或不完整，打不开。请重新导出为 MP4 后再传。") from None


def _probed(content: bytes, media: MediaType) -> Checked:
    with av.open(io.BytesIO(content), "r") as container:
        if not container.streams.video:
            raise UploadRefused("文件里没有画面，请上传带画面的录像。")
        frame = next(container.decode(video=0))
        duration_s = container.duration / av.time_base if container.duration else None
    _refuse_pixels(frame.width, frame.height, media)
    if duration_s and duration_s > LONGEST_VIDEO_S:
        raise UploadRefused(
            f"录像长 {duration_s / 60:.0f} 分钟，超过 {LONGEST_VIDEO_S // 60} 分钟，请截取后再传。"
        )
    return Checked(media_type=media, width=frame.width, height=frame.height, duration_s=duration_s)


def _check_document(content: bytes, media: MediaType, zone: tzinfo) -> Checked:
    if media.extension == "pdf":
        _check_pdf(content)
    else:
        _check_office(content)
    return Checked(media_type=media)


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise UploadRefused("PDF 不完整（没有结尾），请重新导出后再传。")


def _check_office(content: bytes) -> None:
    members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_UNPACKED:
        raise UploadRefused("文件解压后过大，请删去多余内容后再传。")
    if any(m.filename.lower().endswith("vbaproject.bin") for m in members):
        raise UploadRefused("文件带有宏，不予接收。请另存为不带宏的文件后再传。")


_CHECKS: dict[MediaKind, Callable[[bytes, MediaType, tzinfo], Checked]] = {
    MediaKind.IMAGE: _check_image,
    MediaKind.VIDEO: _check_video,
    MediaKind.DOCUMENT: _check_document,
}
