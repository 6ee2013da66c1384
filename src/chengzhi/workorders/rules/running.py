"""A clock of a work order as it runs: since when, how long, where it stood, what was added."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chengzhi.kernel.calendar import WorkCalendar
from chengzhi.kernel.clock import (
    FROM_MOMENT,
    CountRules,
    Deadline,
    Duration,
    Pause,
    deadline,
)
from chengzhi.workorders.types.clocks import Effect

BADLY_LATE = 3  # times the limit (anchors_civic.md 6.4: a second deadline)


@dataclass(frozen=True, kw_only=True)
class Running:
    """A clock; every change gives another one."""

    since: datetime
    limit: Duration
    rules: CountRules = FROM_MOMENT
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Duration, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it stands now."""
        return bool(self.pauses) and self.pauses[-1].end is None

    def after(self, effect: Effect, at: datetime, *, more: Duration | None = None) -> "Running":
        """Return the clock after an occasion; a clock that stands already stands on."""
        if effect is Effect.PAUSE and not self.stands:
            return replace(self, pauses=(*self.pauses, Pause(at)))
        if effect is Effect.RESUME and self.stands:
            return replace(self, pauses=(*self.pauses[:-1], Pause(self.pauses[-1].start, at)))
        if effect is Effect.RESTART:
            return replace(self, since=at, pauses=(), extensions=())
        if effect is Effect.EXTEND and more is not None:
            return replace(self, extensions=(*self.extensions, more))
        return self

    def ends(self, calendar: WorkCalendar) -> Deadline:
        """Return where the limit ends, and when to warn."""
        return self._ends(self.limit, calendar)

    def badly_late(self, calendar: WorkCalendar) -> datetime | None:
        """Return when three times the limit is used; none while it stands."""
        limit = Duration(self.limit.amount * BADLY_LATE, self.limit.unit)
        return self._ends(limit, calendar).due_at

    def stood(self, until: datetime) -> timedelta:
        """Return how long it stood before a moment; what was paused twice counts once."""
        edges = sorted((p.start, p.end or until) for p in self.pauses)
        whole, last = timedelta(), self.since
        for start, end in edges:
            low, high = max(start, last), min(end, until)
            if low < high:
                whole, last = whole + (high - low), high
        return whole

    def _ends(self, limit: Duration, calendar: WorkCalendar) -> Deadline:
        return deadline(
            self.since,
            limit,
            calendar=calendar,
            pauses=self.pauses,
            rules=self.rules,
            extensions=self.extensions,
        )
