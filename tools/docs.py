"""Write the generated pages, or with --check say which of them are stale."""

import argparse
import importlib
import os
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from chengzhi.accounts.rules import permissions_page  # noqa: E402
from chengzhi.kernel.events import REGISTRY  # noqa: E402
from chengzhi.kernel.procedure import Procedure, as_markdown, as_mermaid  # noqa: E402
from chengzhi.standards import pages as standards_pages  # noqa: E402
from chengzhi.workorders.rules.stop_clock import page as stop_clock_page  # noqa: E402

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "chengzhi"


def procedures() -> list[Procedure]:
    """Return every procedure of every context."""
    modules = [
        importlib.import_module(f"chengzhi.{path.parent.name}.procedure")
        for path in sorted((*SRC.glob("*/procedure.py"), *SRC.glob("*/procedure")))
    ]
    return [v for module in modules for v in vars(module).values() if isinstance(v, Procedure)]


def procedure_pages() -> dict[str, str]:
    """Return one page and one picture for each procedure."""
    slug = {p.name: p.name.replace(" ", "-") for p in procedures()}
    pages = {f"docs/procedures/{slug[p.name]}.md": as_markdown(p) for p in procedures()}
    return pages | {f"docs/procedures/{slug[p.name]}.mmd": as_mermaid(p) for p in procedures()}


def event_page() -> dict[str, str]:
    """Return the list of every registered event with its label, sentence and fields."""
    head = ["# Events", "", "| name | label | sentence | fields |", "|---|---|---|---|"]
    rows = [
        f"| `{e.name}` | {e.label} | {e.say} | {', '.join(e.shape.__dataclass_fields__)} |"
        for e in sorted(REGISTRY.values(), key=lambda e: e.name)
        if e.shape.__module__.startswith("chengzhi.")
    ]
    return {"docs/events.md": "\n".join(head + rows) + "\n"}


def permission_page() -> dict[str, str]:
    """Return who may do what."""
    return {"docs/permissions.md": permissions_page()}


def return_pages() -> dict[str, str]:
    """Return the matrix of who may send a work order back to whom, as it stands today."""
    from chengzhi.workorders.rules.returns import as_markdown as matrix

    return {"docs/procedures/returns.md": matrix(on=timezone.localdate())}


def standard_pages() -> dict[str, str]:
    """Return the pages of the code lists and limits."""
    return {f"docs/standards/{name}": text for name, text in standards_pages.pages().items()}


def clock_page() -> dict[str, str]:
    """Return what each occasion does to each clock of a work order."""
    return {"docs/stop-clock.md": stop_clock_page()}


PAGES: tuple[Callable[[], dict[str, str]], ...] = (
    procedure_pages,
    event_page,
    permission_page,
    return_pages,
    standard_pages,
    clock_page,
)


def main() -> int:
    """Write or check every generated page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    pages = {name: text for make in PAGES for name, text in make().items()}
    stale = [name for name, text in pages.items() if _read(ROOT / name) != text]
    for name in stale:
        print(f"{'stale' if check else 'wrote'}: {name}")
        if not check:
            _write(ROOT / name, pages[name])
    return 1 if check and stale else 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
