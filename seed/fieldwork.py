"""Beats, a market day, an on-the-spot policy; and one of each end that history does not bring."""

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import DomainError
from chengzhi.places import interface as places
from chengzhi.workorders.commands import again, bundle, check, field, refer, spot
from chengzhi.workorders.queries.lists import page
from chengzhi.workorders.queries.people import collectors
from chengzhi.workorders.types import (
    Channel,
    ClosingResult,
    ControlDraft,
    Filters,
    Report,
    Row,
    State,
)
from seed.lives import Scene

MARKET = {
    "type": "Polygon",
    "coordinates": [
        [[121.868, 29.474], [121.871, 29.474], [121.871, 29.476], [121.868, 29.476],
         [121.868, 29.474]]
    ],
}  # fmt: skip


def settle(*, actor: Actor, now: datetime) -> None:
    """Give the collectors their beats: from then on checks go to them by themselves."""
    people = sorted(collectors(actor.county, now=now))
    towns = sorted({grid.town for grid in places.grid_refs(actor.county)})
    for number, town in enumerate(towns):
        person = people[number % len(people)]
        field.add_beat(person=person, area_prefix=town, actor=actor, now=now)


def show(*, now: datetime) -> None:
    """Allow a market, publish a policy, and do once what two years of lives have not done."""
    scene = Scene(dice=random.Random("field"), now=now)
    duty, handler = scene.actors["haiyan"], scene.actors["haibo"]
    _allow(duty, scene.actors["zhaoqiang"], now)
    _try(_bundle, duty, now)
    _try(_forced, duty, now)
    _try(_again, duty, now)
    _try(_referred, handler, duty, now)
    for turn in range(4):
        _try(_on_the_spot, scene, scene.actors["xiaoyan"], turn, now)


def _allow(duty: Actor, leader: Actor, now: datetime) -> None:
    market = ControlDraft(
        title="丹东农贸早市（演示）", permit="象政演〔2026〕8号", polygon=MARKET,
        matter_prefixes=("09",), weekdays="37", from_time=time(5), to_time=time(11),
    )  # fmt: skip
    field.add_control(market, actor=duty, now=now)
    field.publish_policy(
        title="轻微市容问题现场处置办法（演示）", document="象综执演〔2026〕3号",
        matter_prefixes=("06", "09"), sample_percent=20, actor=leader, now=now,
    )  # fmt: skip


def _try(deed: Callable[..., None], *args: object) -> None:
    try:
        deed(*args)
    except (DomainError, IndexError):  # the dice left nothing of this kind on anybody's desk
        return


def _rows(actor: Actor, now: datetime, size: int, state: State) -> tuple[Row, ...]:
    filters = Filters(states=(state.value,))
    return page(actor, filters, now=now, size=size, counted=False).rows


def _bundle(duty: Actor, now: datetime) -> None:
    rows = _rows(duty, now, 3, State.FILED)
    pks = [row.id for row in rows]
    bundle.dispatch_bundle(pks, unit="S01", reason="同一片区一次处置", actor=duty, now=now)


def _forced(duty: Actor, now: datetime) -> None:
    row = _rows(duty, now, 1, State.HANDLING)[0]
    check.force_close(
        row.id, result=ClosingResult.UNRESOLVED, is_condition_met=False,
        reason="产权单位已注销，列入无主问题清单另行整治", actor=duty, now=now,
    )  # fmt: skip


def _again(duty: Actor, now: datetime) -> None:
    row = _rows(duty, now, 1, State.CLOSED)[0]
    again.report_again(
        row.id, description="市民来电：清理后又出现", channel=Channel.HOTLINE, actor=duty, now=now
    )


def _referred(handler: Actor, duty: Actor, now: datetime) -> None:
    row = _rows(handler, now, 1, State.HANDLING)[0]
    sent = refer.refer(
        row.id, item="擅自占用城市道路", reason="多次劝导仍占道", parties="演示店铺",
        actor=handler, now=now,
    )  # fmt: skip
    refer.note_referral_answer(
        sent.pk, is_taken=True, case_ref="", answer="已接收，核查线索", actor=duty, now=now
    )


def _on_the_spot(scene: Scene, collector: Actor, turn: int, now: datetime) -> None:
    point, at = scene.spots[turn], now - timedelta(minutes=5)
    photos = scene.album.photos("06010", "near", "after", by=collector, now=at, turn=turn)
    received = Report(
        channel=Channel.COLLECTOR, matter_code="06010", lon=point.lon, lat=point.lat,
        address=f"演示路 {turn + 1} 号", description="零星垃圾，当场清走", photos=photos,
        client_ref=f"demo:spot:{turn}",
    )  # fmt: skip
    spot.report_handled(received, actor=collector, now=now)
