"""The types of file that may be stored, with their limits."""

from chengzhi.evidence.types import MediaKind, MediaType

MB = 2**20
MEGAPIXEL = 10**6

MEDIA: tuple[MediaType, ...] = (
    # JPEG is decoded at reduced scale, so a 64-megapixel phone picture costs little memory.
    MediaType(
        name="image/jpeg",
        kind=MediaKind.IMAGE,
        extension="jpg",
        most_bytes=30 * MB,
        most_pixels=110 * MEGAPIXEL,
    ),
    MediaType(
        name="image/png",
        kind=MediaKind.IMAGE,
        extension="png",
        most_bytes=30 * MB,
        most_pixels=25 * MEGAPIXEL,
    ),
    MediaType(
        name="image/webp",
        kind=MediaKind.IMAGE,
        extension="webp",
        most_bytes=30 * MB,
        most_pixels=25 * MEGAPIXEL,
    ),
    MediaType(
        name="video/mp4",
        kind=MediaKind.VIDEO,
        extension="mp4",
        most_bytes=100 * MB,
        most_pixels=9 * MEGAPIXEL,
    ),
    MediaType(
        name="video/quicktime",
        kind=MediaKind.VIDEO,
        extension="mov",
        most_bytes=100 * MB,
        most_pixels=9 * MEGAPIXEL,
    ),
    MediaType(
        name="video/webm",
        kind=MediaKind.VIDEO,
        extension="webm",
        most_bytes=100 * MB,
        most_pixels=9 * MEGAPIXEL,
    ),
    MediaType(
        name="video/x-msvideo",
        kind=MediaKind.VIDEO,
        extension="avi",
        most_bytes=100 * MB,
        most_pixels=9 * MEGAPIXEL,
    ),
    MediaType(
        name="application/pdf",
        kind=MediaKind.DOCUMENT,
        extension="pdf",
        most_bytes=30 * MB,
    ),
    MediaType(
        name="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        kind=MediaKind.DOCUMENT,
        extension="docx",
        most_bytes=30 * MB,
    ),
    MediaType(
        name="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        kind=MediaKind.DOCUMENT,
        extension="xlsx",
        most_bytes=30 * MB,
    ),
)
_BY_NAME = {media.name: media for media in MEDIA}
_BY_EXTENSION = {media.extension: media for media in MEDIA}


def media_type(name: str) -> MediaType:
    """Return a type by its name ("image/jpeg").

    :raises KeyError: files of this type are not stored.
    """
    return _BY_NAME[name]


def by_extension(extension: str) -> MediaType:
    """Return a type by its extension ("jpg")."""
    return _BY_EXTENSION[extension]
