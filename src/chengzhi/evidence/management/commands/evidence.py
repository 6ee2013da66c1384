"""`chengzhi evidence`: verify every stored file; look again for plates in what was looked through."""

import argparse
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.evidence import commands, queries
from chengzhi.kernel.errors import DomainError
from chengzhi_redaction.redactor import installed


class Command(BaseCommand):
    """The evidence commands of an operator's console."""

    help = "Verify the evidence store, or look again for number plates."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("verify", help="hash every file again; exit 1 if one is broken")
        deeds.add_parser(
            "look-again",
            help="look for number plates in files looked through before there was a finder",
        )

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        actor = accounts.system_actor("console", division=settings.CHENGZHI_COUNTY)
        {"verify": self.verify, "look-again": self.look_again}[deed](actor)

    def verify(self, actor: Actor) -> None:
        """Hash every file and note what is missing or changed."""
        broken = 0
        for fault in queries.faults(progress=self.progress):
            broken += 1
            commands.note_fault(fault, actor=actor, now=timezone.now())
            self.stdout.write(f"{fault.sha256}  {fault.name}：{fault.reason}")
        self.end_of_line()
        if broken:
            raise CommandError(f"证据核验发现 {broken} 个文件异常，已记入保管链。", returncode=1)
        self.stdout.write("证据核验通过：每个文件都在，内容与摘要相符。")

    def look_again(self, actor: Actor) -> None:
        """Look through the files that no plate finder has seen, newest first; may be broken off."""
        redactor = installed()
        if redactor is None:
            raise CommandError("没有识别模型：请先运行 chengzhi-vision models。", returncode=1)
        waiting = queries.looked_without_plates()
        parts = failed = 0
        for number, pk in enumerate(waiting, 1):
            try:
                parts += commands.look_again(pk, redactor, actor=actor, now=timezone.now())
            except DomainError as refused:
                failed += 1
                self.stdout.write(f"第 {number} 个：{refused.sentence}")
            self.progress(number, len(waiting))
        self.end_of_line()
        said = f"重新查找 {len(waiting)} 个文件，新增遮挡 {parts} 处。"
        if failed:
            raise CommandError(f"{said}其中 {failed} 个无法读取，副本保持原样。", returncode=1)
        self.stdout.write(said)

    def progress(self, done: int, total: int) -> None:
        """Show how far the walk is, on a terminal."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done:,} / {total:,}（{100 * done // total}%）", ending="")

    def end_of_line(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("")
