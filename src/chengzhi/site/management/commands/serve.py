"""`chengzhi serve`: the web server and the workers, kept alive until Ctrl-C."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chengzhi.site import programs
from chengzhi.site.supervisor import Supervisor


class Command(BaseCommand):
    """Run the platform's programs under one supervisor."""

    help = "Run the web server and the workers; restart what dies; Ctrl-C stops everything."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address and the number of processes."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--web-workers", type=int, default=programs.default_web_workers())
        parser.add_argument("--workers", type=int, default=1)

    def handle(self, **options: Any) -> None:
        """Start everything and watch it."""
        web = programs.web(
            host=options["host"], port=options["port"], workers=options["web_workers"]
        )
        running = [web, *(programs.worker(n + 1) for n in range(options["workers"]))]
        supervisor = Supervisor(running, say=self.stderr.write)
        signal.signal(signal.SIGTERM, supervisor.stop)
        signal.signal(signal.SIGINT, supervisor.stop)
        supervisor.run()
