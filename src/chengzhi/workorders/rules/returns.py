"""The return matrix, read once from `data/returns.csv` and `data/return_reasons.csv`."""

import csv
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

from chengzhi.accounts.types import ROLE_LABELS, Role
from chengzhi.workorders.types import STATE_LABELS, ReturnReason, ReturnRow

OTHER = "other"


def return_rows(*, on: date) -> tuple[ReturnRow, ...]:
    """Return the matrix as it stands on a day."""
    return tuple(row for row in _rows() if _holds(row.valid_from, row.valid_to, on))


def return_reasons(step: str, *, on: date) -> tuple[ReturnReason, ...]:
    """Return the reasons that a return may give on a day; none for what is no return."""
    codes = next((row.reasons for row in return_rows(on=on) if row.step == step), ())
    found = {r.code: r for r in _reasons() if _holds(r.valid_from, r.valid_to, on)}
    return tuple(found[code] for code in codes if code in found)


def reason_codes(step: str, *, on: date) -> frozenset[str]:
    """Return the codes of the reasons that a return may give on a day."""
    return frozenset(reason.code for reason in return_reasons(step, on=on))


def reason_label(code: str) -> str:
    """Return what a reason is called, also one that no longer holds; the code if unknown."""
    return next((reason.label for reason in _reasons() if reason.code == code), code)


def fault_of(code: str) -> str:
    """Return the stage whose accuracy a reason counts against; empty when it blames nobody."""
    return next((reason.fault for reason in _reasons() if reason.code == code), "")


def written(code: str, reason: str) -> str:
    """Return what a return says: the words, or those of its reason; "other" needs its own."""
    said = reason.strip()
    return said if said or code in ("", OTHER) else reason_label(code)


def as_markdown(*, on: date) -> str:
    """Return the matrix as a page of the documentation."""
    head = [
        "# 回退矩阵 (who may send a work order back to whom)",
        "",
        "Generated from `src/chengzhi/workorders/data/returns.csv`. A return that is not in this",
        "table does not exist; every row names its reasons and what its receiver may not do next.",
        "",
        "| step | from | to | by | to whom | reasons | once | receiver may not | source |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(_line(row) for row in return_rows(on=on)), "", *_legend(on)]) + "\n"


def _line(row: ReturnRow) -> str:
    cells = (
        f"`{row.step}`",
        STATE_LABELS[row.from_state],
        STATE_LABELS[row.to_state],
        ROLE_LABELS[Role(row.from_role)],
        ROLE_LABELS[Role(row.to_role)],
        "、".join(reason_label(code) for code in row.reasons),
        "是" if row.is_once else "否",
        row.receiver_may_not,
        row.source,
    )
    return f"| {' | '.join(cells)} |"


def _legend(on: date) -> Iterable[str]:
    yield "| code | reason | counts against the accuracy of | source |"
    yield "|---|---|---|---|"
    for reason in _reasons():
        if _holds(reason.valid_from, reason.valid_to, on):
            yield f"| `{reason.code}` | {reason.label} | {reason.fault or '—'} | {reason.source} |"


def _holds(valid_from: date, valid_to: date | None, on: date) -> bool:
    return valid_from <= on and (valid_to is None or on < valid_to)


@cache
def _rows() -> tuple[ReturnRow, ...]:
    return tuple(
        ReturnRow(
            step=line["step"],
            from_state=line["from_state"],
            to_state=line["to_state"],
            from_role=line["from_role"],
            to_role=line["to_role"],
            reasons=tuple(line["reasons"].split()),
            is_once=line["once"] == "yes",
            receiver_may_not=line["receiver_may_not"],
            source=line["source"],
            valid_from=date.fromisoformat(line["valid_from"]),
            valid_to=_end(line["valid_to"]),
        )
        for line in _table("returns.csv")
    )


@cache
def _reasons() -> tuple[ReturnReason, ...]:
    return tuple(
        ReturnReason(
            code=line["code"],
            label=line["label"],
            fault=line["fault"],
            source=line["source"],
            valid_from=date.fromisoformat(line["valid_from"]),
            valid_to=_end(line["valid_to"]),
        )
        for line in _table("return_reasons.csv")
    )


def _end(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _table(name: str) -> list[dict[str, str]]:
    text = (files("chengzhi.workorders") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
