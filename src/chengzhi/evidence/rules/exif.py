"""When and where a picture says it was taken; a wrong tag is no reason to refuse a picture."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Exif

from chengzhi.evidence.types import Taken

YEARS = range(1990, 2100)  # when a digital picture can have been taken


def taken(exif: Exif, *, zone: tzinfo) -> Taken:
    """Return time and place from the EXIF tags (CIPA DC-008); `zone` where no offset is given."""
    lon, lat = _place(exif.get_ifd(IFD.GPSInfo))
    at = _time(exif.get_ifd(IFD.Exif), zone)
    return Taken(at=at if at and at.year in YEARS else None, lon=lon, lat=lat)


def _time(tags: Mapping[int, Any], zone: tzinfo) -> datetime | None:
    written = str(tags.get(Base.DateTimeOriginal, "")).strip("\x00 ")
    offset = str(tags.get(Base.OffsetTimeOriginal, "")).strip("\x00 ")
    try:
        return datetime.strptime(written + offset, "%Y:%m:%d %H:%M:%S%z")
    except ValueError:
        return _civil(written, zone)


def _civil(written: str, zone: tzinfo) -> datetime | None:
    try:
        return datetime.strptime(written, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None


def _place(tags: Mapping[int, Any]) -> tuple[float | None, float | None]:
    lon = _degrees(tags.get(GPS.GPSLongitude), tags.get(GPS.GPSLongitudeRef), most=180)
    lat = _degrees(tags.get(GPS.GPSLatitude), tags.get(GPS.GPSLatitudeRef), most=90)
    return (None, None) if lon is None or lat is None else (lon, lat)


def _degrees(parts: Sequence[Any] | None, side: Any, *, most: float) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts or ())
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= most:  # also refuses NaN
        return None
    return round(-value if side in ("S", "W") else value, 7)
