"""`chengzhi standards`: say what is wrong with the tables, and import a city's own standard."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.errors import DomainError
from chengzhi.site.commands.import_standards import import_standards
from chengzhi.standards import store
from chengzhi.standards.check import check_current
from chengzhi.standards.importing import Deed, Fault, Import, Plan, judge
from chengzhi.standards.importing.plan import DEED_LABELS
from chengzhi.standards.types import Kind, Problem


class Command(BaseCommand):
    """The standards commands of an operator's console."""

    help = "Check the tables of standards (exit 1 on a problem), or import a city's own standard."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the deed and what it needs."""
        deeds = parser.add_subparsers(dest="deed", required=True)
        asked = deeds.add_parser("check", help="print every problem and warning")
        asked.add_argument("--on", type=date.fromisoformat, help="the day, such as 2026-11-25")
        brought = deeds.add_parser("import", help="bring a city's xlsx or csv into force")
        brought.add_argument("file", type=Path)
        brought.add_argument("--scheme", required=True, help="the name that records will cite")
        brought.add_argument("--from", dest="valid_from", type=date.fromisoformat, required=True)
        brought.add_argument("--kind", choices=[kind.value for kind in Kind], help="if unsaid")
        brought.add_argument("--register", action="store_true", help="make local matters")
        brought.add_argument("--dry-run", action="store_true", help="report, and write nothing")

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        """Do the deed; a refusal is one sentence."""
        try:
            self._check(options["on"]) if deed == "check" else self._import(options)
        except DomainError as error:
            raise CommandError(error.sentence) from error

    def _check(self, on: date | None) -> None:
        """Print every problem and every warning; only problems fail."""
        found = check_current(on=on or timezone.localdate())
        for problem in found:
            self.stdout.write(_line(problem))
        broken = sum(not problem.is_warning for problem in found)
        if broken:
            raise CommandError(f"标准表有 {broken} 个问题，请按上面各行改正后再查。", returncode=1)
        self.stdout.write(f"标准表没有问题，提示 {len(found)} 条。")

    def _import(self, options: dict[str, Any]) -> None:
        """Print the report, and bring the table into force unless it is a dry run."""
        asked = _asked(options)
        if options["dry_run"]:
            self._report(judge(asked, store.current()))
            self.stdout.write("只是试算，没有写入。")
            return
        actor = accounts.system_actor("standards", division=settings.CHENGZHI_COUNTY)
        self._report(import_standards(asked, actor=actor, now=timezone.now()))
        self.stdout.write(f"已导入“{asked.scheme}”，{asked.valid_from.isoformat()} 起施行。")

    def _report(self, plan: Plan) -> None:
        for fault in plan.faults:
            self.stdout.write(_fault_line(fault))
        counts = "，".join(f"{DEED_LABELS[deed]} {plan.count(deed)}" for deed in Deed)
        self.stdout.write(f"共 {plan.line_count} 行，读取 {plan.read_count} 行：{counts}")


def _asked(options: dict[str, Any]) -> Import:
    path: Path = options["file"]
    if not path.is_file():
        raise CommandError(f"没有文件 {path}，请核对路径。")
    return Import(
        content=path.read_bytes(),
        file_name=path.name,
        scheme=options["scheme"],
        valid_from=options["valid_from"],
        kind=Kind(options["kind"]) if options["kind"] else None,
        registers=options["register"],
    )


def _line(problem: Problem) -> str:
    word = "提示" if problem.is_warning else "问题"
    return f"{word}\t{problem.table}\t{problem.key}\t{problem.sentence}"


def _fault_line(fault: Fault) -> str:
    word = "疑点" if fault.is_warning else "未读"
    return f"{word}\t{fault.sheet}\t第 {fault.row} 行\t{fault.column}\t{fault.text}\t{fault.reason}"
