"""What a city may set for its work orders, read once from `data/parameters.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Local configuration of the loop; nothing in it is law."""

    duplicate_metres: int
    duplicate_window: timedelta
    history_metres: int
    history_window: timedelta
    text_reach: int
    export_immediate: int
    export_days: int


@cache
def parameters() -> Parameters:
    """Return the parameters that come with this installation."""
    text = (files("chengzhi.workorders") / "data" / "parameters.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Parameters(
        duplicate_metres=table["duplicates"]["metres"],
        duplicate_window=timedelta(hours=table["duplicates"]["hours"]),
        history_metres=table["history"]["metres"],
        history_window=timedelta(days=table["history"]["days"]),
        text_reach=table["search"]["reach"],
        export_immediate=table["export"]["immediate"],
        export_days=table["export"]["days"],
    )
