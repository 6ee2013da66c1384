"""What is deleted leaves an event: a row may not go without a word in the log."""

import ast
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "chengzhi"
# What is not a record: settings of one's own, answers kept for a day, counters made again from
# the records, bytes whose row says that they went. Anything else must tell the log.
UNTOLD = {
    ("accounts/commands/once.py", "_kept"): "the answer to a repeated call, a day old",
    ("accounts/commands/once.py", "forget_calls"): "the answers to repeated calls, a day old",
    ("evidence/commands/erase.py", "remove_erased"): "bytes: `evidence.erased` was told before",
    ("vision/commands/leases.py", "_take_seat"): "a worker's seat while it runs; leases are kept",
    (
        "vision/commands/leases.py",
        "forget_memories",
    ): "what a worker looks up anew, and who held what a month ago; findings are kept",
    ("workorders/commands/bulk.py", "_kept"): "one's own old bulk result; the deeds are events",
    ("workorders/commands/map.py", "_count_day"): "a counter, made again from the records",
    ("workorders/commands/map.py", "_refresh_squares"): "a counter, made again from the records",
    ("workorders/commands/marks.py", "set_mark"): "one's own star",
    ("workorders/commands/settings.py", "drop_view"): "one's own saved list",
    ("workorders/commands/views.py", "open_with"): "one's own default list",
    ("workorders/commands/views.py", "share_view"): "the default lists of others",
}
TOLD = {"record", "tell"}


def deleting() -> dict[tuple[str, str], set[str]]:
    """Return every function in which rows are deleted, with the names that its module calls."""
    found = {}
    for path in SRC.rglob("*.py"):
        if {"migrations", "models"} & set(path.parts) or path.name == "models.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and "delete" in _methods(function):
                found[(str(path.relative_to(SRC)), function.name)] = _calls(tree)
    return found


def _methods(node: ast.AST) -> set[str]:
    return {
        call.func.attr
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and not (isinstance(call.func.value, ast.Name) and call.func.value.id == "router")
    }


def _calls(node: ast.AST) -> set[str]:
    named = {
        call.func.id
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    }
    return named | _methods(node)


def test_every_deletion_is_an_event_pain_3():
    found = deleting()

    told = {where for where, calls in found.items() if calls & TOLD}

    assert len(found) >= 3
    assert set(found) - told - set(UNTOLD) == set()
    assert {where for where in UNTOLD if where not in found} == set()
