"""Telephone, identity card and bank card numbers and mail addresses in free text, covered: all."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

# The fields of events in which people write sentences. Codes, references and hashes are left
# alone: an eighteen-digit reference is not an identity card.
FREE_TEXT = frozenset(
    {"reason", "note", "text", "words", "remark", "address", "description", "statement",
     "opinion", "cause", "title", "comment", "answer", "reply", "people", "file_name",
     "result_text", "why", "closing_note"}
)  # fmt: skip

_DIGIT = r"[0-9０-９]"
_GAP = r"[\s\-－—·.]?"
# 11 digits of a mobile number, with or without +86, in the groups in which people write them.
_MOBILE = rf"(?:[1１]{_GAP}[3-9３-９]{_GAP}{_DIGIT}(?:{_GAP}{_DIGIT}){{8}})"
_LANDLINE = rf"(?:[0０]{_DIGIT}{{2,3}}{_GAP}{_DIGIT}{{7,8}})"
_IDENTITY = rf"(?:{_DIGIT}{{17}}[0-9０-９XxＸｘ]|{_DIGIT}{{15}})"
_CARD = rf"(?:[6６][2２]{_DIGIT}{{2}}(?:{_GAP}{_DIGIT}{{4}}){{3}}(?:{_GAP}{_DIGIT}{{1,3}})?)"
_MAIL = r"(?:[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+)"
_ANY = re.compile(
    rf"(?<![0-9０-９A-Za-z])(?P<identity>{_IDENTITY})(?![0-9０-９A-Za-z])"
    rf"|(?<![0-9０-９A-Za-z])(?P<card>{_CARD})(?![0-9０-９])"
    rf"|(?<![0-9０-９])(?:[+＋]?(?:00)?[8８][6６]{_GAP})?(?P<mobile>{_MOBILE})(?![0-9０-９])"
    rf"|(?<![0-9０-９])(?P<landline>{_LANDLINE})(?![0-9０-９])"
    rf"|(?P<mail>{_MAIL})"
)
_WORTH_A_LOOK = re.compile(r"[0-9０-９]{2}|@|[1１][\s\-－—·.][3-9３-９]")


def redacted(text: str) -> str:
    """Return the text with every number that leads to a person covered, not only the first.

    A mobile number keeps its first three and last four digits, as the masked contact does.
    """
    if not _WORTH_A_LOOK.search(text):
        return text
    return _ANY.sub(_covered, text)


def _covered(found: re.Match[str]) -> str:
    kind, whole = found.lastgroup or "", found.group()
    digits = "".join(char for char in whole.upper() if char.isalnum())
    if kind == "mobile":
        return f"{digits[-11:-8]}****{digits[-4:]}"
    if kind == "identity":
        return (
            f"{digits[:3]}{'*' * (len(digits) - 4)}{digits[-1]}" if _is_identity(digits) else whole
        )
    if kind == "mail":
        return f"{whole[0]}***@{whole.partition('@')[2]}"
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"


def _is_identity(number: str) -> bool:
    """Return whether it can be an identity number: a birthday lies inside (GB 11643).

    The check digit is not asked: a number with a slip of the pen still leads to a person.
    """
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        return date(int(born[:4]), int(born[4:6]), int(born[6:])).year in range(1880, 2100)
    except ValueError:
        return False


def impersonal(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's fields with what people wrote in sentences covered.

    The log is never edited, so personal data must not enter it; what is kept elsewhere can be
    removed when its time has come.
    """
    return {
        key: redacted(value) if key in FREE_TEXT and isinstance(value, str) else value
        for key, value in data.items()
    }
