"""`chengzhi audit`: prove the event log, anchor it, see and retry what failed."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chengzhi.audit import commands, queries
from chengzhi.audit.types import Anchor, DeadLetter
from chengzhi.kernel.errors import DomainError

OPERATOR = "system:console"


class Command(BaseCommand):
    """The audit commands of an operator's console."""

    help = "Verify the event log, make a checkpoint, list or retry failed events."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        verify = deeds.add_parser("verify", help="walk the log; exit 1 at the first broken row")
        verify.add_argument("--subject", help="only this subject, such as workorder:12")
        verify.add_argument("--anchor", help="also require this digest of a kept checkpoint")
        deeds.add_parser("checkpoint", help="count and digest the log up to now")
        deeds.add_parser("failures", help="list the events that were given up")
        retry = deeds.add_parser("retry", help="send given-up events to their reactions again")
        retry.add_argument("event", nargs="*", type=int, help="event ids; none means all")

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        deeds: dict[str, Callable[..., None]] = {
            "verify": self.verify,
            "checkpoint": self.checkpoint,
            "failures": self.failures,
            "retry": self.retry,
        }
        try:
            deeds[deed](**options)
        except DomainError as error:
            raise CommandError(error.sentence) from error

    def verify(self, *, subject: str | None, anchor: str | None, **_: Any) -> None:
        """Walk the log and stop with exit code 1 at the first break."""
        broken = queries.verify(subject, progress=self.progress)
        self.end_progress()
        if broken:
            raise CommandError(f"操作留痕已断裂。{broken.sentence}", returncode=1)
        if anchor and anchor not in {kept.digest for kept in queries.anchors()}:
            raise CommandError("没有摘要相同的存证点：整条日志可能被替换过。", returncode=1)
        self.stdout.write("操作留痕完整：每一行的内容、顺序和存证点都相符。")

    def checkpoint(self, **_: Any) -> None:
        """Make a checkpoint and print what is worth keeping elsewhere."""
        now = timezone.now()
        made = commands.make_checkpoint(actor=OPERATOR, now=now, progress=self.progress)
        self.end_progress()
        self.stdout.write(_anchor_line(made))
        self.stdout.write("请把摘要抄存到系统之外，日后用 audit verify --anchor 核对。")

    def failures(self, **_: Any) -> None:
        """List dead letters."""
        letters = queries.dead_letters()
        for letter in letters:
            self.stdout.write(_letter_line(letter))
        self.stdout.write(f"共 {len(letters)} 个失败事件。" if letters else "没有失败事件。")

    def retry(self, *, event: list[int], **_: Any) -> None:
        """Send dead letters to their reactions again."""
        ids = event or [letter.id for letter in queries.dead_letters()]
        for event_id in ids:
            commands.retry(event_id, actor=OPERATOR, now=timezone.now())
        self.stdout.write(f"已重新交办 {len(ids)} 个事件。")

    def progress(self, done: int, total: int) -> None:
        """Show how far the walk is, on a terminal."""
        if sys.stderr.isatty():
            share = 100 * done // total if total else 100
            self.stderr.write(f"\r{done:,} / {total:,}（{share}%）", ending="")

    def end_progress(self) -> None:
        """Leave the progress line."""
        if sys.stderr.isatty():
            self.stderr.write("")


def _anchor_line(made: Anchor) -> str:
    return (
        f"存证点 {made.id}：第 {made.after_id + 1} 至 {made.last_id} 行，共 {made.count} 行，"
        f"摘要（{made.algorithm}）{made.digest}"
    )


def _letter_line(letter: DeadLetter) -> str:
    return (
        f"{letter.id}\t{timezone.localtime(letter.given_up_at):%Y-%m-%d %H:%M}\t{letter.subject}\t"
        f"{letter.label}（{letter.name}）\t尝试 {letter.attempts} 次\t{letter.last_line}"
    )
