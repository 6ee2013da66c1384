"""`chengzhi workorders import FILE --mapping MAPPING`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chengzhi.accounts.interface import system_actor
from chengzhi.kernel.errors import DomainError
from chengzhi.kernel.sheets import as_file
from chengzhi.workorders.commands.imports import import_list
from chengzhi.workorders.types.imports import OUTCOME_LABELS, REPORT_HEAD, ImportResult, Outcome


class Command(BaseCommand):
    """Bring another system's list of cases into the county of this installation."""

    help = "从其他系统的清单（CSV）导入案件，按对照文件（TOML）解释各列"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare `import`."""
        deeds = parser.add_subparsers(dest="deed", required=True)
        bring = deeds.add_parser("import", help="导入一份清单；不能导入的行逐行说明，其余照常导入")
        bring.add_argument("file", type=Path)
        bring.add_argument("--mapping", type=Path, required=True)
        bring.add_argument("--report", type=Path, default=None, help="说明写到此文件（csv、xlsx）")
        bring.add_argument("--dry-run", action="store_true", help="只检查，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the deed."""
        for name in ("file", "mapping"):
            if not options[name].is_file():
                raise CommandError(f"没有文件{options[name]}。")
        try:
            result = self._import(options)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self._tell(result, options["report"])

    def _import(self, options: dict[str, Any]) -> ImportResult:
        return import_list(
            options["file"].read_bytes(),
            file_name=options["file"].name,
            mapping=options["mapping"].read_text(encoding="utf-8"),
            actor=system_actor("import", division=settings.CHENGZHI_COUNTY),
            now=timezone.now(),
            dry_run=options["dry_run"],
            progress=self._progress,
        )

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{done}/{total}", ending="\r" if done < total else "\n")

    def _tell(self, result: ImportResult, report: Path | None) -> None:
        counts = "，".join(f"{OUTCOME_LABELS[o]} {result.count(o)}" for o in Outcome)
        self.stdout.write(("检查完毕，没有写入：" if result.is_dry_run else "") + counts)
        if report is None:
            for line in result.told:
                self.stdout.write("　".join(str(cell) for cell in line.cells if cell))
            return
        rows = [line.cells for line in result.told]
        zone = timezone.get_current_timezone()
        content, _ = as_file(report.suffix.lstrip("."), REPORT_HEAD, rows, zone=zone)
        report.write_bytes(content)
        self.stdout.write(f"说明 {len(rows)} 行写入 {report}。")
