"""The `chengzhi` command line: Django's management commands under our own name."""

import os
import sys


def main() -> None:
    """Run one command of the platform."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
