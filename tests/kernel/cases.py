"""Random cases for the clock: one plan with every trap, and limits of every kind."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from chengzhi.kernel.calendar import Hours, Plan, Span
from chengzhi.kernel.clock import CountRules, DayEnd, Duration, Pause, RollRule, StartRule, Unit


def span(opens: str, closes: str) -> Span:
    return Span(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


def day(text: str) -> date:
    return date.fromisoformat(text)


def days(*texts: str) -> frozenset[date]:
    return frozenset(map(day, texts))


def run_of_days(first: str, last: str) -> frozenset[date]:
    start = day(first)
    return frozenset(start + timedelta(days=n) for n in range((day(last) - start).days + 1))


WINTER = (span("08:00", "12:00"), span("14:00", "18:00"))
SUMMER = (span("08:30", "11:45"), span("14:30", "17:15"), span("19:00", "20:20"))

# The State Council's plan for 2022, with two seasons of hours and two short days of our own.
PLAN_2022 = Plan(
    first=date(2021, 12, 1),
    last=date(2024, 12, 31),
    hours=(
        Hours(valid_from=date(2021, 1, 1), spans=WINTER),
        Hours(valid_from=date(2022, 6, 15), spans=SUMMER),
        Hours(valid_from=date(2022, 9, 15), spans=WINTER),
    ),
    holidays=run_of_days("2022-01-01", "2022-01-03")
    | run_of_days("2022-01-31", "2022-02-06")
    | run_of_days("2022-04-03", "2022-04-05")
    | run_of_days("2022-04-30", "2022-05-04")
    | run_of_days("2022-06-03", "2022-06-05")
    | run_of_days("2022-09-10", "2022-09-12")
    | run_of_days("2022-10-01", "2022-10-07"),
    make_up_days=days(
        "2022-01-29", "2022-01-30", "2022-04-02", "2022-04-24", "2022-05-07", "2022-10-08",
        "2022-10-09",
    ),
    short_days={day("2022-03-08"): WINTER[:1], day("2022-10-09"): (span("13:00", "15:30"),)},
    planned_years=frozenset({2022}),
)  # fmt: skip

LARGEST = {
    Unit.URGENT_MINUTE: 300,
    Unit.WORK_MINUTE: 600,
    Unit.URGENT_HOUR: 50,
    Unit.WORK_HOUR: 50,
    Unit.HOUR: 50,
    Unit.URGENT_DAY: 5,
    Unit.NATURAL_DAY: 12,
    Unit.WORK_DAY: 9,
    Unit.MONTH: 3,
    Unit.YEAR: 1,
}
RARE = (Unit.MONTH, Unit.YEAR)  # the reference walks every minute of them


@dataclass(frozen=True, kw_only=True)
class ClockCase:
    """One question for the clock."""

    start: datetime
    duration: Duration
    pauses: tuple[Pause, ...]
    rules: CountRules


def clock_case(random: Random, plan: Plan = PLAN_2022) -> ClockCase:
    zero = datetime.combine(date(2022, 1, 1), time(), tzinfo=plan.zone)
    start = zero + timedelta(minutes=random.randrange(365 * 1440))
    unit = random.choices(list(Unit), weights=[1 if u in RARE else 10 for u in Unit])[0]
    step = 5 if unit in (Unit.URGENT_MINUTE, Unit.WORK_MINUTE) else 1  # 80 % is a whole minute
    return ClockCase(
        start=start.astimezone(UTC),
        duration=Duration(random.randrange(0, LARGEST[unit] + 1, step), unit),
        pauses=tuple(_pause(random, start) for _ in range(random.choice((0, 0, 1, 1, 2, 3)))),
        rules=CountRules(
            start=random.choice(list(StartRule)),
            roll=random.choice(list(RollRule)),
            day_end=random.choice(list(DayEnd)),
        ),
    )


def _pause(random: Random, start: datetime) -> Pause:
    begins = start + timedelta(minutes=random.randint(-2000, 12000))
    if random.random() < 0.1:
        return Pause(begins)
    return Pause(begins, begins + timedelta(minutes=random.choice((0, 30, 200, 1440, 4000))))
