"""What is deleted leaves an event: a row may not go without a word in the log."""

import ast
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "chengzhi"
# Not records: the answer to a repeated call, kept for a day, and bytes whose row says they went.
TECHNICAL = {
    ("accounts/commands/once.py", "forget"),
    ("evidence/commands/erase.py", "remove_erased"),
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

    silent = {where for where, calls in found.items() if not calls & TOLD}

    assert len(found) >= 3
    assert {where for where in silent if where[0] not in {file for file, _ in TECHNICAL}} == set()
