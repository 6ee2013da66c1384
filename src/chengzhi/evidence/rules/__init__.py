"""Content checks and published copies: bytes in, answers out. Pure."""

from chengzhi.evidence.rules.content import UploadRefused, check, refuse_size, sniff
from chengzhi.evidence.rules.copies import NoSuchCopy, published, thumbnail, upright
from chengzhi.evidence.rules.exif import YEARS
from chengzhi.evidence.rules.hiding import as_shares, marked, sent_regions
from chengzhi.evidence.rules.media import MEDIA, media_type

__all__ = [
    "MEDIA",
    "YEARS",
    "NoSuchCopy",
    "UploadRefused",
    "as_shares",
    "check",
    "marked",
    "media_type",
    "published",
    "refuse_size",
    "sent_regions",
    "sniff",
    "thumbnail",
    "upright",
]
