"""`chengzhi evidence verify`: hash every stored file again and name what is missing or changed."""

import argparse
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.evidence import commands, queries


class Command(BaseCommand):
    """The evidence commands of an operator's console."""

    help = "Verify the evidence store."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("verify", help="hash every file again; exit 1 if one is broken")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = accounts.system_actor("console", division=settings.CHENGZHI_COUNTY)
        broken = 0
        for fault in queries.faults(progress=self.progress):
            broken += 1
            commands.note_fault(fault, actor=actor, now=timezone.now())
            self.stdout.write(f"{fault.sha256}  {fault.name}：{fault.reason}")
        if sys.stderr.isatty():
            self.stderr.write("")
        if broken:
            raise CommandError(f"证据核验发现 {broken} 个文件异常，已记入保管链。", returncode=1)
        self.stdout.write("证据核验通过：每个文件都在，内容与摘要相符。")

    def progress(self, done: int, total: int) -> None:
        """Show how far the walk is, on a terminal."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done:,} / {total:,}（{100 * done // total}%）", ending="")
