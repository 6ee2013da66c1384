"""By what two versions of a row of the handling standard are compared."""

from collections.abc import Mapping

from chengzhi.standards.importing.sheets import key_text
from chengzhi.standards.types import HandlingRow


def content(row: HandlingRow) -> Mapping[str, str]:
    """Return what two versions of a row are compared by, with the label of each."""
    return {
        "立案条件": key_text(row.filing_condition),
        "结案条件": key_text(row.closing_condition),
        "处置时限": _limit_key(row),
        "处置单位类型": row.handler,
        "处置单位": key_text(row.handler_text),
        "主管部门": key_text(row.authority),
        "依据": key_text(row.basis),
        "采集要求": key_text(row.guide),
        "标准": row.scheme,
    }


def _limit_key(row: HandlingRow) -> str:
    if row.seasonal:
        return "；".join(f"{part.words}{part.limit}" for part in row.seasonal)
    return str(row.limit)
