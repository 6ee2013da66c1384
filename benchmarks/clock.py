"""Deadlines a second on one thread, and differences from the minute-by-minute reference.

Protocol: 10,000 seeded cases over every unit, start, roll and day-end rule, with none to three
pauses (some open) and the plan of 2022 with two seasons of hours, a half day and make-up days.
Rate: the best of seven passes over all cases, by processor time of the one thread; the wall-clock
rate of the same pass is told too. Differences: every case again by `tests/kernel/reference_clock`,
which walks minute by minute and shares no arithmetic with the clock.
"""

import argparse
import time
from collections.abc import Sequence
from random import Random

from benchmarks.outcome import tell
from chengzhi.kernel.calendar import WorkCalendar
from chengzhi.kernel.clock import Deadline, deadline
from tests.kernel.cases import PLAN_2022, ClockCase, clock_case
from tests.kernel.reference_clock import ReferenceClock

BAR = ">= 100,000 deadlines/s, 0 differences on 10,000 random cases"


def main() -> int:
    """Run the protocol once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    random = Random(options.seed)
    cases = [clock_case(random) for _ in range(options.cases)]
    calendar = WorkCalendar(PLAN_2022)
    rate, wall_rate = max(_rates(cases, calendar) for _ in range(7))
    print(f"{rate:,.0f} deadlines/s; comparing {options.cases:,} cases minute by minute ...")
    differences = _differences(cases, calendar)
    figures: dict[str, float | int | str] = {
        "deadlines_per_s": round(rate),
        "deadlines_per_s_wall": round(wall_rate),
        "cases": options.cases,
        "with_pauses": sum(bool(case.pauses) for case in cases),
        "differences": differences,
    }
    ok = rate >= 100_000 and differences == 0
    return tell("clock", figures, bar=BAR, ok=ok, seed=options.seed)


def _rates(cases: Sequence[ClockCase], calendar: WorkCalendar) -> tuple[float, float]:
    wall, busy = time.perf_counter(), time.process_time()
    for case in cases:
        _answer(case, calendar)
    spent = time.process_time() - busy
    return len(cases) / spent, len(cases) / (time.perf_counter() - wall)


def _answer(case: ClockCase, calendar: WorkCalendar) -> Deadline:
    return deadline(
        case.start, case.duration, calendar=calendar, pauses=case.pauses, rules=case.rules
    )


def _differences(cases: Sequence[ClockCase], calendar: WorkCalendar) -> int:
    reference, found = ReferenceClock(PLAN_2022), 0
    for number, case in enumerate(cases, 1):
        wanted = reference.deadline(case.start, case.duration, case.pauses, case.rules)
        if wanted != _answer(case, calendar):
            found += 1
            print(f"case {number}: {case} should be {wanted}")
        if number % 1000 == 0:
            print(f"{number:,} of {len(cases):,} compared, {found} differences", flush=True)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
