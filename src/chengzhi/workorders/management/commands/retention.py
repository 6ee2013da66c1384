"""`chengzhi retention run`: remove what is due by the retention rules, or only say what."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.errors import DomainError
from chengzhi.workorders.commands.retention import run_retention
from chengzhi.workorders.queries.retention import due_now


class Command(BaseCommand):
    """Retention at an operator's console; a nightly job may call it."""

    help = "Remove personal data whose time has come, with a register of what went."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        run = deeds.add_parser("run", help="apply the rules in force today")
        run.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        actor = accounts.system_actor("console", division=settings.CHENGZHI_COUNTY)
        now = timezone.now()
        for due in due_now(actor, now=now):
            self.stdout.write(
                f"{due.rule.key:<18} {due.action_label} {due.count} 件，暂停中 {due.held_count} 件"
                f"：{due.rule.label}"
            )
        if dry_run:
            self.stdout.write("预演：没有清除任何内容。")
            return
        try:
            ran = run_retention(actor=actor, now=now)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"已清除 {ran.row_count} 行，批次 {ran.batch}，摘要 {ran.digest}。")
