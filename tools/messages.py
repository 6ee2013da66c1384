"""The English catalogue: what the pages say, checked, brought up to date and compiled.

`python -m tools.messages check` fails when a sentence has no English, `update` writes empty rows
for new sentences and drops those that nobody says, `compile` writes the .mo that Django reads.
It needs neither GNU gettext nor a package, so that set-up can compile on any machine.
"""

import ast
import csv
import os
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "chengzhi"
CATALOGUE = SOURCE / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = (
    "Project-Id-Version: chengzhi\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Language: en\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)
TABLES = ("finding_kinds.csv", "verdict_reasons.csv")
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
MANY = {"ngettext", "ngettext_lazy"}
LITERAL = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(n?gettext|_)\(\s*u?({LITERAL})(?:\s*,\s*u?({LITERAL}))?", re.DOTALL)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"%\((\w+)\)[sd]|{(\w+)[^{}]*}")
STRING = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?)?\s*"(.*)"$')


@dataclass(frozen=True, order=True)
class Message:
    """One sentence of a page, with its plural when it counts."""

    one: str
    many: str = ""


Catalogue = dict[Message, tuple[str, ...]]


def said() -> set[Message]:
    """Return everything that templates, code and label tables say."""
    found: set[Message] = set()
    for path in sorted(SOURCE.rglob("*.html")):
        found |= set(_in_template(path))
    for path in sorted(SOURCE.rglob("*.py")):
        found |= set(_in_code(ast.parse(path.read_text(encoding="utf-8"))))
    for name in TABLES:
        found |= set(_in_table(SOURCE / "standards" / "data" / name))
    return found


def _in_template(path: Path) -> Iterator[Message]:
    from django.utils.translation.template import templatize

    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for _name, one, many in CALL.findall(code):
        yield Message(ast.literal_eval(one), ast.literal_eval(many) if many else "")


def _in_code(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _called(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _labels(node)


def _called(call: ast.Call) -> Iterator[Message]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    words = [arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant)]
    if name in ONE and len(call.args) == 1 and words and isinstance(words[0], str):
        yield Message(words[0])
    elif name in MANY and len(words) == 2:
        yield Message(*(str(word) for word in words))
    for keyword in call.keywords:
        # Steps and events name themselves (`label=`, `say=`); pages say it through a variable.
        if keyword.arg in ("label", "say") and isinstance(keyword.value, ast.Constant):
            yield from _chinese(keyword.value.value)


def _chinese(value: object) -> Iterator[Message]:
    if isinstance(value, str) and CHINESE.search(value):
        yield Message(value)


def _in_table(path: Path) -> Iterator[Message]:
    """Short lists of words that pages show: kinds of findings and reasons of verdicts."""
    with path.open(encoding="utf-8", newline="") as table:
        yield from (Message(row["name"]) for row in csv.DictReader(table))


def _labels(node: ast.Assign | ast.AnnAssign) -> Iterator[Message]:
    """Tables of labels (`…_LABELS`) are said through `chip` and `translate` with a variable."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if not any(name.endswith("_LABELS") for name in names) or not isinstance(node.value, ast.Dict):
        return
    for value in node.value.values:
        if isinstance(value, ast.Constant):
            yield from _chinese(value.value)


def read(path: Path = CATALOGUE) -> Catalogue:
    """Return the catalogue; an entry without English has an empty translation."""
    found: Catalogue = {}
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        parts = _parts(block)
        if parts.get("msgid"):
            message = Message(parts["msgid"], parts.get("msgid_plural", ""))
            found[message] = tuple(text for key, text in parts.items() if key.startswith("msgstr"))
    return found


def _parts(block: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    current = ""
    for line in block.splitlines():
        if matched := STRING.match(line.strip()):
            current = matched.group(1) or current
            parts[current] = parts.get(current, "") + ast.literal_eval(f'"{matched.group(2)}"')
    return parts


def write(catalogue: Catalogue, path: Path = CATALOGUE) -> None:
    """Write the catalogue in order of its sentences."""
    blocks = [_entry(Message(""), (HEADER,))]
    blocks += [_entry(message, catalogue[message]) for message in sorted(catalogue)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _entry(message: Message, english: tuple[str, ...]) -> str:
    lines = [f"msgid {_quoted(message.one)}"]
    if message.many:
        lines.append(f"msgid_plural {_quoted(message.many)}")
        lines += [f"msgstr[{n}] {_quoted(text)}" for n, text in enumerate(english)]
    else:
        lines.append(f"msgstr {_quoted(english[0])}")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    lines = escaped.split("\n")
    if len(lines) == 1:
        return f'"{escaped}"'
    pieces = [f'"{line}\\n"' for line in lines[:-1]] + ([f'"{lines[-1]}"'] if lines[-1] else [])
    return "\n".join(['""', *pieces])


def faults(catalogue: Catalogue, wanted: Iterable[Message]) -> list[str]:
    """Return what is wrong: no English, or places for values that differ from the Chinese."""
    found = []
    for message in sorted(wanted):
        english = catalogue.get(message, ())
        if not english or not all(english):
            found.append(f"no English: {message.one!r}")
        elif any(_places(text) != _places(message.one) for text in english):
            found.append(f"other places: {message.one!r} and {english[0]!r}")
    return found


def _places(text: str) -> set[str]:
    return {one or two for one, two in PLACE.findall(text)}


def update() -> int:
    """Write rows for new sentences and drop those that nobody says; return how many lack English."""
    old = read() if CATALOGUE.exists() else {}
    wanted = said()
    empty = {message: ("", "") if message.many else ("",) for message in wanted}
    write({message: old.get(message, empty[message]) for message in wanted})
    return len(faults(read(), wanted))


def compile_catalogue(path: Path = CATALOGUE) -> Path:
    """Write the .mo beside the .po (GNU MO format, revision 0, little-endian)."""
    pairs = {b"": HEADER.encode()}
    for message, english in read(path).items():
        if all(english):
            key = "\0".join(filter(None, (message.one, message.many)))
            pairs[key.encode()] = "\0".join(english).encode()
    target = path.with_suffix(".mo")
    scratch = path.with_suffix(f".{os.getpid()}.tmp")
    scratch.write_bytes(_packed(sorted(pairs.items())))
    scratch.replace(target)
    return target


def _packed(pairs: list[tuple[bytes, bytes]]) -> bytes:
    count, start = len(pairs), 28
    texts = [key for key, _ in pairs] + [value for _, value in pairs]
    offset = start + 16 * count
    table, body = b"", b""
    for text in texts:
        table += struct.pack("<II", len(text), offset + len(body))
        body += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, start, start + 8 * count, 0, 0)
    return head + table + body


def main(deed: str = "check") -> int:
    """Check, update or compile; return the exit status."""
    if deed == "compile":
        print(f"[messages] {compile_catalogue().relative_to(ROOT)}")
        return 0
    os.environ.setdefault("CHENGZHI_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")
    import django

    django.setup()
    if deed == "update":
        print(f"[messages] {update()} sentences lack English")
        return 0
    found = faults(read(), said())
    print("\n".join([*found, f"[messages] {len(found)} faults"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
