"""`chengzhi places import KIND FILE` and `chengzhi places check`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chengzhi.accounts.interface import system_actor
from chengzhi.kernel.errors import DomainError
from chengzhi.places import commands
from chengzhi.places.invariants import problems
from chengzhi.places.types import (
    DATUM_LABELS,
    VERDICT_LABELS,
    Datum,
    ImportReport,
    PlaceKind,
    Verdict,
)

COMPONENTS = "component"


class Command(BaseCommand):
    """Import shapes or components for the county of this installation, or check what is held."""

    help = "导入行政区划、单元网格、责任网格、道路（GeoJSON）和部件（CSV），或核对已有数据"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare `import` and `check`."""
        deeds = parser.add_subparsers(dest="deed", required=True)
        bring = deeds.add_parser("import", help="导入一个文件；有一条不能导入则全部不写入")
        bring.add_argument("kind", choices=[*(str(kind) for kind in PlaceKind), COMPONENTS])
        bring.add_argument("file", type=Path)
        bring.add_argument("--crs", choices=[str(datum) for datum in Datum], default=None)
        bring.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        deeds.add_parser("check", help="核对已有数据，发现问题时返回1")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the deed."""
        if options["deed"] == "import":
            self._import(options)
        else:
            self._check()

    def _import(self, options: dict[str, Any]) -> None:
        if not options["file"].is_file():
            raise CommandError(f"没有文件{options['file']}。")
        try:
            report = _report(options)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self._tell(report)
        if not report.acceptable:
            raise CommandError(report.refusal or "有记录不能导入，没有写入任何数据。")
        self.stdout.write("已导入。" if report.written else "检查通过，没有写入。")

    def _tell(self, report: ImportReport) -> None:
        counts = "，".join(f"{VERDICT_LABELS[v]}{report.count(v)}" for v in Verdict)
        self.stdout.write(f"{DATUM_LABELS[report.datum]}：{counts}")
        for note in report.notes:
            self.stdout.write(f"注意：{note}")
        for line in report.lines:
            if line.sentence:
                verdict = VERDICT_LABELS[line.verdict]
                self.stdout.write(f"第{line.number}条 {line.code} {verdict}：{line.sentence}")

    def _check(self) -> None:
        found = list(problems())
        for problem in found:
            self.stdout.write(problem)
        if found:
            raise CommandError(f"共{len(found)}个问题。")
        self.stdout.write("没有发现问题。")


def _report(options: dict[str, Any]) -> ImportReport:
    given: dict[str, Any] = {
        "actor": system_actor("places", division=settings.CHENGZHI_COUNTY),
        "now": timezone.now(),
        "dry_run": options["dry_run"],
        "crs": options["crs"],
    }
    content = options["file"].read_bytes()
    if options["kind"] == COMPONENTS:
        return commands.import_components(content, **given)
    return commands.import_geojson(options["kind"], content, **given)
