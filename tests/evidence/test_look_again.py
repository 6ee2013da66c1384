"""What was looked through before there was a plate finder is looked through once more."""

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.rules import NotPermitted
from chengzhi.evidence import commands, queries
from chengzhi.evidence import interface as evidence
from chengzhi.evidence.models import Redaction, open_store
from chengzhi.evidence.rules.hiding import newly_seen
from tests.evidence.looking import Sees, seeing
from tests.evidence.pictures import checkered, clip

THING = "thing:330225-1"
CONSOLE = accounts.system_actor("console", division="330225")
FACE, PLATE = (0.0, 0.0, 0.3, 0.3), (0.6, 0.6, 0.2, 0.1)


class OnTheWhole:
    """Finds plates in the whole picture, not in its parts, which are looked at later."""

    def __init__(self, plates) -> None:
        self.sees, self.largest = Sees(faces=plates), 0

    def find(self, picture):
        self.largest = max(self.largest, picture.size)
        return self.sees.find(picture) if picture.size == self.largest else []


def finder(*plates):
    """A redactor that sees a face, and plates where it is told."""
    return replace(seeing(faces=[FACE]), plates=OnTheWhole(plates))


@pytest.fixture
def board(db, li_ming, now, look_through):
    stored = evidence.store(checkered(), name="board.png", actor=li_ming, now=now)
    evidence.attach(stored.sha256, subject=THING, role="near", actor=li_ming, now=now)
    look_through(seeing(faces=[FACE]))
    return stored.sha256


def redaction() -> Redaction:
    return Redaction.objects.get()


def again(*plates) -> int:
    (pk,) = queries.looked_without_plates()
    return commands.look_again(pk, finder(*plates), actor=CONSOLE, now=timezone.now())


def test_a_plate_that_nobody_had_looked_for_is_hidden_and_the_rest_stays(board):
    before = redaction()

    more = again(PLATE)

    after = redaction()
    assert more == 1
    assert [row["kind"] for row in after.found] == ["face", "plate"]
    assert (after.found[0], after.revision) == (before.found[0], before.revision + 1)
    assert evidence.custody(board)[-1].sentence.startswith(
        "公开副本遮挡人脸 1 处、头部 0 处、车牌 1 处"
    )
    assert queries.looked_without_plates() == []


def test_what_a_person_uncovered_stays_uncovered(board, wang_fang, now):
    commands.uncover(board, 0, reason="不是人脸，是招牌图案", actor=wang_fang, now=now)

    again(PLATE)

    assert redaction().lifted == [0]
    assert [row["kind"] for row in redaction().rows] == ["plate"]


def test_a_recording_is_covered_anew(db, li_ming, now, look_through):
    stored = evidence.store(clip(), name="c.mp4", actor=li_ming, now=now)
    look_through()
    open_store().put(f"{stored.sha256}.p2clip.webm", b"old")

    again(PLATE)

    assert evidence.read(li_ming, stored.sha256, now=now)[0] != b"old"


def test_only_the_system_looks_again(board, li_ming, now):
    with pytest.raises(NotPermitted):
        commands.look_again(redaction().pk, finder(), actor=li_ming, now=now)

    assert queries.looked_without_plates() == [redaction().pk]


def test_what_waits_to_be_looked_through_is_left_alone(board, now):
    Redaction.objects.update(state="waiting")

    assert commands.look_again(redaction().pk, finder(PLATE), actor=CONSOLE, now=now) == 0
    assert (redaction().state, redaction().revision) == ("waiting", 1)


def test_what_is_hidden_already_is_no_news_but_what_lies_in_an_uncovered_part_is():
    row = {"kind": "plate", "box": list(PLATE), "score": 0.9}
    band = {"kind": "band", "box": [0.5, 0.5, 0.4, 0.4], "score": 0.9}

    assert newly_seen([row], known=[band], lifted=[]) == []
    assert newly_seen([row], known=[band], lifted=[0]) == [row]
    assert newly_seen([row], known=[row], lifted=[0]) == []
    assert newly_seen([row], known=[], lifted=[]) == [row]


def test_the_console_says_how_many_files_and_parts(board, monkeypatch, capsys):
    where = "chengzhi.evidence.management.commands.evidence.installed"
    monkeypatch.setattr(where, lambda: finder(PLATE))

    call_command("evidence", "look-again")
    call_command("evidence", "look-again")

    assert capsys.readouterr().out.splitlines() == [
        "重新查找 1 个文件，新增遮挡 1 处。",
        "重新查找 0 个文件，新增遮挡 0 处。",
    ]


def test_the_console_names_what_cannot_be_read_and_says_where_models_come_from(
    board, monkeypatch, capsys
):
    where = "chengzhi.evidence.management.commands.evidence.installed"
    monkeypatch.setattr(where, lambda: finder(PLATE))
    open_store().delete(redaction().file.key)
    before = redaction().found

    with pytest.raises(CommandError, match="其中 1 个无法读取，副本保持原样"):
        call_command("evidence", "look-again")
    monkeypatch.setattr(where, lambda: None)
    with pytest.raises(CommandError, match="chengzhi-vision models"):
        call_command("evidence", "look-again")

    assert redaction().found == before
    assert "第 1 个：" in capsys.readouterr().out
