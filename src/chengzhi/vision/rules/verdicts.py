"""Why a reviewer says no: the reasons of the standards, checked."""

from datetime import date

from chengzhi.kernel.errors import InvalidInput
from chengzhi.standards import current
from chengzhi.standards.types import VerdictReason
from chengzhi.vision.rules.reading import sentence
from chengzhi.vision.types import Blame

NOTE_LIMIT = 200


def reasons(*, on: date) -> list[VerdictReason]:
    """Return the reasons in force, in the order of their keys on the desk (1–8, then 0)."""
    return sorted(
        current().verdict_reasons(on=on), key=lambda row: (row.shortcut == "0", row.shortcut)
    )


def reason_label(code: str) -> str:
    """Return a reason in Chinese, also one that is no longer in force."""
    versions = current().reasons_by_code.get(code)
    return versions[-1].name if versions else code


def blames() -> dict[str, str]:
    """Return what each reason speaks against, also for reasons that hold no more."""
    return {code: rows[-1].blames for code, rows in current().reasons_by_code.items()}


def of_the_detector() -> list[str]:
    """Return the reasons that speak against the detector's score: only they move a threshold."""
    return sorted(code for code, blame in blames().items() if blame == Blame.DETECTOR)


def read_reason(code: str, *, note: str, on: date) -> VerdictReason:
    """Return the reason for a rejection.

    :raises InvalidInput: no such reason holds, or it asks for a sentence that is missing.
    """
    found = next((row for row in reasons(on=on) if row.code == code), None)
    if found is None:
        listed = "、".join(row.name for row in reasons(on=on))
        raise InvalidInput(f"没有误报原因“{code}”，请选：{listed}。", field="reason")
    if found.needs_note and not note:
        raise InvalidInput(f"选“{found.name}”时请写一句说明。", field="note")
    return found


def read_note(note: str) -> str:
    """Return the note without blanks around it.

    :raises InvalidInput: it is too long.
    """
    return sentence(note, name="说明", most=NOTE_LIMIT, field="note")


def read_matter(code: str, *, on: date) -> str:
    """Return the code of a matter that the standards know on the day.

    :raises StandardMissing: they do not.
    """
    return current().matter(code, on=on).code
