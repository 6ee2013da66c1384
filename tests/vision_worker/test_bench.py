"""The event benchmark: truth of both kinds, the matching rule as a table, figures, staged clips."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chengzhi_vision.bench.match import LENIENT_S, STRICT_S, Verdict, match
from chengzhi_vision.bench.score import by_camera, score, wilson
from chengzhi_vision.bench.truth import load_alarms, load_truth, read_json
from chengzhi_vision.bench.types import AlarmRow, ClipTruth, IgnoredSpan, TimedBox, TruthEvent
from chengzhi_vision.bench.viper import read_names, read_viper
from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.cli import main
from chengzhi_vision.errors import BenchInvalid, TruthInvalid
from chengzhi_vision.types import Box, FindingKind

CAR, BAG = FindingKind.MOTOR_VEHICLE_PARKED, FindingKind.OBJECT_LEFT
AT = Box(x=100, y=100, w=80, h=40)
EVENT = TruthEvent(
    event_id="E1",
    clip="c",
    kind=CAR,
    start_s=10,
    end_s=None,
    dwell_s=30,
    boxes=(TimedBox(at=10, box=AT),),
)


def clip(*events: TruthEvent, ignored: tuple[IgnoredSpan, ...] = ()) -> ClipTruth:
    return ClipTruth(clip="c", seconds=100, events=events, ignored=ignored)


def alarm(at: float = 40, *, kind: FindingKind = CAR, box: Box = AT, late: float = 4) -> AlarmRow:
    return AlarmRow(clip="c", kind=kind, start_s=10.5, alarm_s=at, emitted_s=at + late, box=box)


def verdicts(truth: ClipTruth, *alarms: AlarmRow, window_s: float = STRICT_S) -> list[str]:
    return [str(one.verdict) for one in match([truth], alarms, window_s=window_s).judged]


@pytest.mark.parametrize(
    ("at", "window_s", "verdict"),
    [
        (37.9, STRICT_S, Verdict.FALSE),
        (38.0, STRICT_S, Verdict.TRUE),
        (40.0, STRICT_S, Verdict.TRUE),
        (50.0, STRICT_S, Verdict.TRUE),
        (50.1, STRICT_S, Verdict.FALSE),
        (50.1, LENIENT_S, Verdict.TRUE),
        (70.1, LENIENT_S, Verdict.FALSE),
    ],
)
def test_an_alarm_counts_from_two_seconds_before_the_dwell_to_the_window(at, window_s, verdict):
    assert verdicts(clip(EVENT), alarm(at), window_s=window_s) == [verdict]


@pytest.mark.parametrize(
    ("box", "verdict"),
    [
        (AT, Verdict.TRUE),
        (Box(x=160, y=100, w=80, h=40), Verdict.TRUE),  # IoU 0.14
        (Box(x=170, y=100, w=80, h=40), Verdict.FALSE),  # IoU 0.07, centers outside
        (Box(x=136, y=116, w=6, h=6), Verdict.TRUE),  # small, its center inside
        (Box(x=0, y=0, w=300, h=300), Verdict.TRUE),  # large, the event's center inside
    ],
)
def test_boxes_match_by_overlap_or_by_a_center_inside(box, verdict):
    assert verdicts(clip(EVENT), alarm(box=box)) == [verdict]


def test_another_kind_or_another_clip_is_no_match():
    other_clip = replace(alarm(), clip="d")

    assert verdicts(clip(EVENT), alarm(kind=BAG)) == ["false"]
    assert verdicts(clip(EVENT), other_clip) == []
    assert len(match([clip(EVENT)], [other_clip]).missed) == 1


def test_later_alarms_on_one_event_are_duplicates_neither_right_nor_wrong():
    matched = match([clip(EVENT)], [alarm(41), alarm(45), alarm(90)])

    figures = score(matched)
    assert [str(one.verdict) for one in matched.judged] == ["true", "duplicate", "duplicate"]
    assert (figures.precision, figures.recall, figures.alarms_per_event) == (1.0, 1.0, 3.0)


def test_two_events_at_one_place_are_two_matches():
    first = replace(EVENT, end_s=55.0)
    second = replace(EVENT, event_id="E2", start_s=60.0)

    matched = match([clip(first, second)], [alarm(40), alarm(91)])

    assert [one.event.event_id for one in matched.judged if one.event] == ["E1", "E2"]
    assert matched.missed == ()


def test_a_stay_shorter_than_the_dwell_must_not_be_reported():
    short = replace(EVENT, end_s=35.0)

    matched = match([clip(short)], [alarm(40)])

    assert (matched.due, matched.missed) == ((), ())
    assert matched.judged[0].verdict is Verdict.FALSE


def test_a_stay_that_ends_just_after_the_dwell_counts_neither_way():
    border = replace(EVENT, end_s=43.0)

    assert verdicts(clip(border), alarm(40)) == ["ignored"]
    assert match([clip(border)], []).missed == ()


@pytest.mark.parametrize(
    ("span", "verdict"),
    [
        (IgnoredSpan(start_s=30, end_s=50), "ignored"),
        (IgnoredSpan(start_s=30, end_s=39), "false"),
        (IgnoredSpan(start_s=30, end_s=50, kind=BAG), "false"),
        (IgnoredSpan(start_s=30, end_s=50, box=AT), "ignored"),
        (IgnoredSpan(start_s=30, end_s=50, box=Box(x=400, y=0, w=9, h=9)), "false"),
    ],
)
def test_spans_that_do_not_count_are_ignored(span, verdict):
    assert verdicts(clip(ignored=(span,)), alarm(40)) == [verdict]


def test_the_figures_of_a_run():
    missed = replace(EVENT, event_id="E2", boxes=(TimedBox(at=10, box=Box(x=300, y=0, w=9, h=9)),))

    figures = score(match([clip(EVENT, missed)], [alarm(41), alarm(41, kind=BAG)]))

    assert (figures.events, figures.true, figures.false, figures.missed) == (2, 1, 1, 1)
    assert (figures.precision, figures.recall, figures.f_score) == (0.5, 0.5, 0.5)
    assert figures.false_per_day == 864.0
    assert (figures.delay_median_s, figures.dwell_error_s) == (5.0, 0.5)


def test_each_camera_has_its_own_figures():
    seen = replace(clip(EVENT), clip="one", origin="test/street.mp4")
    blind = replace(clip(replace(EVENT, clip="two")), clip="two", origin="test/lot.mp4")
    found = match([seen, blind], [replace(alarm(), clip="one"), replace(alarm(5), clip="two")])

    cameras = by_camera(found)

    assert {name: (one.true, one.false, one.missed) for name, one in cameras.items()} == {
        "test/street.mp4": (1, 0, 0),
        "test/lot.mp4": (0, 1, 1),
    }


def test_the_delay_of_a_hidden_thing_counts_from_when_it_can_be_seen_again():
    hidden = replace(EVENT, hidden=((35.0, 60.0),))

    figures = score(match([clip(hidden)], [alarm(40, late=24)]))

    assert (hidden.ready_s, figures.delay_median_s) == (60.0, 4.0)


def test_wilson_intervals_are_those_of_the_published_pool():
    assert [round(v, 2) for v in wilson(12, 16)] == [0.51, 0.9]
    assert wilson(0, 0) == (0.0, 1.0)


VIPER_TEXT = """<viper xmlns="http://lamp.cfar.umd.edu/viper#"
  xmlns:data="http://lamp.cfar.umd.edu/viperdata#"><data><sourcefile filename="AVSS.mpg">
  <file id="0" name="Information"><attribute name="FRAMERATE"><data:fvalue value="25.0"/></attribute>
  <attribute name="NUMFRAMES"><data:dvalue value="5000"/></attribute></file>
  <object framespan="2501:3250" id="3" name="AbandonedObject"><attribute name="BoundingBox">
  <data:bbox framespan="2501:3250" x="10" y="20" width="30" height="40"/></attribute></object>
  </sourcefile></data></viper>"""


def test_viper_truth_is_read_in_seconds():
    truth = read_viper(VIPER_TEXT, clip="AVSS", dwell_s=30)

    (event,) = truth.events
    assert (event.kind, event.start_s, event.end_s, event.alarm_s) == (BAG, 100.0, 130.0, 130.0)
    assert event.box_at(105) == Box(x=10, y=20, w=30, h=40)
    assert truth.seconds == 200.0


LUGGAGE = VIPER_TEXT.replace("AbandonedObject", "Luggage").replace(
    "</sourcefile>", '<object framespan="1:5000" id="4" name="Text"/></sourcefile>'
)


def viper_file(folder: Path) -> Path:
    (folder / "PETS.xml").write_text(LUGGAGE, "utf-8")
    return folder / "PETS.xml"


def names_file(folder: Path, text: str) -> Path:
    (folder / "names.toml").write_text(text, "utf-8")
    return folder / "names.toml"


def test_an_object_of_an_unknown_name_is_refused_with_file_object_names_and_cure(tmp_path: Path):
    with pytest.raises(TruthInvalid) as refused:
        load_truth(viper_file(tmp_path), dwell_s=30)

    for word in ("PETS.xml", "'Luggage'（id 3）", "abandonedobject", "bicycle", "--names"):
        assert word in refused.value.sentence


def test_a_table_gives_names_their_kind_and_what_it_leaves_out_is_counted(tmp_path: Path, capsys):
    truth, names = viper_file(tmp_path), '[objects]\nluggage = "object_left"\nText = "-"\n'
    table = names_file(tmp_path, names)
    alarms = tmp_path / "findings.jsonl"
    alarms.write_text("", "utf-8")

    read = load_truth(truth, dwell_s=20, names=read_names(table))
    code = main(["bench", "score", str(truth), str(alarms), "--dwell=20", f"--names={table}"])

    assert [event.kind for event in read.events] == [BAG]
    assert read.left_out == ("Text",)
    told = capsys.readouterr().out
    assert code == 0
    assert "真值中有 1 个对象按对照表不计：Text 1 个" in told
    assert '"events": 1' in told


@pytest.mark.parametrize("text", ['luggage = "object_left"', '[objects]\nluggage = "bag"', "["])
def test_a_table_that_cannot_be_read_names_its_file_and_the_kinds(tmp_path: Path, text: str):
    with pytest.raises(BenchInvalid, match=r"names\.toml.*object_left"):
        read_names(names_file(tmp_path, text))


def test_our_truth_with_an_unknown_kind_names_the_event_and_the_kinds(tmp_path: Path):
    table = {"seconds": 75, "events": [{"id": "E7", "kind": "luggage", "start_s": 5, "boxes": []}]}
    (tmp_path / "x.truth.json").write_text(json.dumps(table), "utf-8")

    with pytest.raises(TruthInvalid, match="事件 E7 的 kind：得到 'luggage'，可用：.*object_left"):
        load_truth(tmp_path / "x.truth.json", dwell_s=20)


def test_an_alarm_with_an_unknown_kind_names_its_file_and_line(tmp_path: Path):
    alarms = tmp_path / "findings.jsonl"
    alarms.write_text('\n{"kind": "luggage"}\n', "utf-8")

    with pytest.raises(BenchInvalid, match=r"findings\.jsonl 第 2 行.*'luggage'.*object_left"):
        load_alarms(alarms, clip="x")


def test_the_sky_of_a_rendered_clip_is_its_condition():
    truth = read_json({"seconds": 5, "events": [], "sky": "night"}, clip="x", camera=None)

    assert truth.conditions == ("night",)


def test_our_truth_takes_the_dwell_of_the_cameras_rule(tmp_path: Path):
    rule = {"finding": "object_left", "dwell_s": 45}
    zone = {"name": "z", "kind": "pavement_clear", "polygon": [[0, 0], [9, 0], [9, 9]]}
    camera = read_camera({"camera": {"code": "C1"}, "zones": [{**zone, "rules": [rule]}]})
    row = {"id": "E1", "kind": "object_left", "zone": "z", "start_s": 5, "end_s": None}
    table = {"seconds": 75, "events": [{**row, "boxes": [{"t": 5, "bbox": [1, 2, 3, 4]}]}]}

    truth = read_json(table, clip="x", camera=camera)

    assert [e.alarm_s for e in truth.events] == [50.0]
    (tmp_path / "x.truth.json").write_text(json.dumps(table), "utf-8")
    with pytest.raises(TruthInvalid, match="没有时限"):
        load_truth(tmp_path / "x.truth.json")


def test_every_seeded_clip_has_a_truth_that_loads():
    footage = Path(__file__).parents[2] / "seed" / "footage"

    truths = [load_truth(path, dwell_s=20) for path in sorted(footage.glob("*.truth.json"))]

    assert [sum(e.is_due for e in t.events) for t in truths] == [1, 2, 1, 1, 0, 1]


def test_the_two_sides_of_the_drawn_bank_share_nothing():
    from chengzhi_vision.bench.cutouts.drawn import drawn_bank
    from chengzhi_vision.bench.cutouts.types import Split

    tune, test = (drawn_bank(split, count=3) for split in Split)

    assert not {c.name for c in tune} & {c.name for c in test}
    assert all(np.any(c.picture[:, :, 3] > 200) for c in tune + test)
