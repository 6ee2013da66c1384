"""`chengzhi standards check`: say what is wrong with the tables of standards."""

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chengzhi.kernel.errors import DomainError
from chengzhi.standards import store
from chengzhi.standards.check import check
from chengzhi.standards.types import Problem


class Command(BaseCommand):
    """The standards commands of an operator's console."""

    help = "Check the tables of standards and a city's own overlay; exit 1 on a problem."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the deed and the day on which the tables are read."""
        deeds = parser.add_subparsers(dest="deed", required=True)
        asked = deeds.add_parser("check", help="print every problem and warning")
        asked.add_argument("--on", type=date.fromisoformat, help="the day, such as 2026-11-25")

    def handle(self, *args: Any, on: date | None, **options: Any) -> None:
        """Print every problem and every warning; only problems fail."""
        try:
            found = check(store.current(), on=on or timezone.localdate())
        except DomainError as error:
            raise CommandError(error.sentence) from error
        for problem in found:
            self.stdout.write(_line(problem))
        broken = sum(not problem.is_warning for problem in found)
        if broken:
            raise CommandError(f"标准表有 {broken} 个问题，请按上面各行改正后再查。", returncode=1)
        self.stdout.write(f"标准表没有问题，提示 {len(found)} 条。")


def _line(problem: Problem) -> str:
    word = "提示" if problem.is_warning else "问题"
    return f"{word}\t{problem.table}\t{problem.key}\t{problem.sentence}"
