"""How thresholds are learned: dated settings, read once from `data/calibration.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class CalibrationSettings:
    """One dated row; nothing in it is law."""

    valid_from: date
    source: str
    window_days: int
    grid_from: float
    grid_to: float
    grid_step: float
    prior_verdicts: float
    least_verdicts: float
    least_of_camera: float
    least_change: float
    drift_last: int
    drift_least: int
    drift_alpha: float
    cusum_drop: float
    cusum_limit: float
    volume_days: int
    volume_ratio: float
    volume_alpha: float
    target: Mapping[str, float]
    limits: Mapping[str, float]

    @property
    def grid(self) -> tuple[float, ...]:
        """The thresholds that are looked at, lowest first."""
        steps = round((self.grid_to - self.grid_from) / self.grid_step)
        return tuple(round(self.grid_from + i * self.grid_step, 4) for i in range(steps + 1))

    def target_of(self, kind: str) -> float:
        """Return the precision that a category is to reach where no policy says another."""
        return self.target.get(kind, self.target["default"])


@cache
def _rows() -> tuple[CalibrationSettings, ...]:
    text = (files("chengzhi.vision") / "data" / "calibration.toml").read_text(encoding="utf-8")
    rows = [CalibrationSettings(**row) for row in tomllib.loads(text)["settings"]]
    return tuple(sorted(rows, key=lambda row: row.valid_from))


def calibration_settings(*, on: date) -> CalibrationSettings:
    """Return the settings that hold on a day."""
    return [row for row in _rows() if row.valid_from <= on][-1]
