"""`make demo`: the demo county of 象山, built once, then running until Ctrl-C."""

import json
import os
import shutil
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import django

os.environ.setdefault("CHENGZHI_DEMO", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")

HOST, PORT = "127.0.0.1", int(os.environ.get("CHENGZHI_PORT", "8000"))
STATE = Path(os.environ.get("CHENGZHI_STATE", "var"))
STANDARDS = STATE / "standards"  # a copy, so that an import on the page leaves the checkout alone
os.environ.setdefault("CHENGZHI_STANDARDS", str(STANDARDS))
PATIENCE_S = 300  # for the interface kit and the model, which make builds beside us
MARK = STATE / "demo.json"


def main() -> int:
    """Build what is missing, start the programs, and stop them all on Ctrl-C."""
    STATE.mkdir(parents=True, exist_ok=True)
    if not STANDARDS.is_dir():
        shutil.copytree(Path(__file__).parent / "standards", STANDARDS)
    django.setup()
    mark = _build() if not MARK.exists() else json.loads(MARK.read_text(encoding="utf-8"))
    _own_footage()
    _wait_for([Path(name) for name in sys.argv[1:]])
    _serve(mark["token"])
    return 0


def _wait_for(stamps: list[Path]) -> None:
    """Wait for what `make` builds beside us: the interface kit and the detection model."""
    end = time.monotonic() + PATIENCE_S
    for stamp in stamps:
        while not stamp.exists():
            if time.monotonic() > end:
                raise SystemExit(f"{stamp} was not built within {PATIENCE_S} s: run `make setup`")
            time.sleep(0.2)


def _build() -> dict[str, str]:
    from django.core.management import call_command

    from chengzhi.workorders.tasks import tick
    from seed import (
        cameras,
        coverage,
        desk,
        exports,
        fieldwork,
        findings,
        history,
        lives,
        outside,
        people,
        presets,
        responsibility,
        routing,
        thresholds,
        trials,
    )
    from seed.county.load import load_county

    begun = time.monotonic()
    stage("1/5 database")
    call_command("migrate", verbosity=0)
    stage("2/5 units and people")
    follow(people.settle(actor=people.ADMIN, now=people.FOUNDED), total=people.COUNT)
    stage("3/5 towns, grids, roads, components")
    load_county(actor=people.ADMIN, now=people.FOUNDED, progress=show)
    stage("4/5 cameras")
    cameras.settle(actor=people.ADMIN, now=people.FOUNDED)
    trials.mark_heights(actor=people.ADMIN, now=people.FOUNDED)
    routing.settle(actor=people.ADMIN, now=people.FOUNDED)
    fieldwork.settle(actor=people.ADMIN, now=people.FOUNDED)
    responsibility.settle(actor=people.ADMIN, now=people.FOUNDED)
    stage("5/5 two years of history, through the same commands that people use")
    follow(history.live_through(seed=330225), total=history.STEPS)
    desk.settle(now=datetime.now(UTC))
    coverage.settle(now=datetime.now(UTC))
    exports.settle(now=datetime.now(UTC))
    fieldwork.show(now=datetime.now(UTC))
    thresholds.settle(now=datetime.now(UTC))
    trials.try_one(actor=people.ADMIN, now=datetime.now(UTC))
    findings.settle(
        robot=lives.ROBOT,
        reviewer=people.actor("lina", now=datetime.now(UTC)),
        now=datetime.now(UTC),
    )
    presets.settle(actor=people.ADMIN, now=datetime.now(UTC))
    cameras.prioritize(actor=people.ADMIN, now=datetime.now(UTC))
    mark = {
        "token": cameras.issue_token(actor=people.ADMIN),
        "open311": outside.settle(actor=people.ADMIN, now=datetime.now(UTC)),
    }
    tick(datetime.now(UTC))  # what came in since the history ended may be late already
    MARK.write_text(json.dumps(mark), encoding="utf-8")
    say(f"built in {time.monotonic() - begun:.0f} s")
    return mark


def _own_footage() -> None:
    from seed import cameras, people

    for clip in (os.environ.get("FOOTAGE", ""), "footage/vtest.avi"):
        if clip and Path(clip).is_file():
            cameras.add_clip(Path(clip).resolve(), actor=people.ADMIN)


def _serve(token: str) -> None:
    from chengzhi.site import programs
    from chengzhi.site.supervisor import Supervisor

    running = [
        programs.web(host=HOST, port=PORT, workers=programs.default_web_workers()),
        programs.worker(1),
        programs.camera_worker(
            server=f"http://{HOST}:{PORT}",
            token=token,
            spool=STATE / "camera-worker",
            options=("--lease",),
        ),
    ]
    supervisor = Supervisor(running, say=say)
    signal.signal(signal.SIGTERM, supervisor.stop)
    signal.signal(signal.SIGINT, supervisor.stop)
    Thread(target=_announce, daemon=True).start()
    supervisor.run()
    say("stopped")


def _announce() -> None:
    from seed import people

    address = f"http://{HOST}:{PORT}"
    for _ in range(600):
        with suppress(OSError), urllib.request.urlopen(f"{address}/health", timeout=2):
            break
        time.sleep(0.1)
    say(f"\n城治 is running at {address}   (this machine only; Ctrl-C stops everything)\n")
    say(people.table())
    key = json.loads(MARK.read_text(encoding="utf-8")).get("open311", "")
    say(f"\n  Open311  {address}/open311/v2  api_key {key}")
    say("\n  Everything shown is invented, except the towns' names and codes.\n")


def stage(name: str) -> None:
    """Say which long step begins."""
    say(f"[demo] {name}")


def say(text: str) -> None:
    """Print one line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def show(done: int, total: int) -> None:
    """Redraw the progress of the present step."""
    if not sys.stdout.isatty() and done < total:
        return
    filled = round(30 * done / max(total, 1))
    sys.stdout.write(f"\r  [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}")
    sys.stdout.write("\n" if done >= total else "")
    sys.stdout.flush()


def follow(steps: Iterable[object], *, total: int, tell: Callable[[int, int], None] = show) -> None:
    """Run a generator of steps, showing how far it is."""
    for done, _ in enumerate(steps, start=1):
        tell(min(done, total - 1), total)
    tell(total, total)


if __name__ == "__main__":
    raise SystemExit(main())
