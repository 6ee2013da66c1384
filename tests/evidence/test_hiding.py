"""Faces and plates: looked for once, noted where a worker looked, mended by people on the record."""

import io

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.rules import NotPermitted
from chengzhi.evidence import commands, queries, tasks
from chengzhi.evidence import interface as evidence
from chengzhi.evidence.commands import NothingHiddenYet
from chengzhi.evidence.models import EvidenceFile, Redaction
from chengzhi.evidence.rules import NoSuchCopy, marked
from chengzhi.kernel.errors import InvalidInput
from chengzhi_redaction.redactor import Redactor
from chengzhi_redaction.types import Area, Region, RegionKind
from tests.evidence.looking import seeing
from tests.evidence.pictures import PDF, checkered, clip, picture

THING = "thing:330225-1"
LEFT = (0.0, 0.0, 0.5, 1.0)
WORKER = accounts.system_actor("vision", division="330225")


@pytest.fixture
def board(db, li_ming, now):
    stored = evidence.store(checkered(), name="board.png", actor=li_ming, now=now)
    evidence.attach(stored.sha256, subject=THING, role="near", actor=li_ming, now=now)
    return stored.sha256


@pytest.fixture
def sides(li_ming, now):
    """Return how much detail the left and the right half of a copy have."""

    def detail(sha256: str, variant: str = "published") -> tuple[bool, bool]:
        content, _ = evidence.read(li_ming, sha256, variant=variant, now=now)
        gray = np.asarray(Image.open(io.BytesIO(content)).convert("L"), float)
        half = gray.shape[1] // 2
        return bool(gray[:, : half - 9].std() > 60), bool(gray[:, half + 9 :].std() > 60)

    return detail


def hiding(sha256: str):
    return queries.hiding_of(EvidenceFile.objects.get(sha256=sha256))


def custody(sha256: str) -> list[str]:
    return [entry.name for entry in evidence.custody(sha256)]


def test_before_anybody_looked_a_copy_shows_nothing_and_afterwards_what_may_be_shown(
    board, sides, look_through
):
    before = sides(board), sides(board, "thumbnail")
    looked = look_through(seeing(faces=[LEFT]))

    assert before == ((False, False), (False, False))
    assert looked == 1
    assert sides(board) == (False, True)
    assert evidence.custody(board)[-1].sentence == (
        "公开副本遮挡人脸 1 处、头部 0 处、车牌 0 处、车身下部 0 处（things+faces/1）"
    )
    assert [part.label for part in hiding(board).found] == ["人脸"]


def test_the_original_stays_as_it_came(board, wang_fang, now, look_through):
    look_through(seeing(faces=[LEFT]))

    content, _ = evidence.read(wang_fang, board, variant="original", now=now, reason="复议")

    assert content == checkered()


def test_where_the_worker_looked_nobody_looks_again(board, sides, now, look_through):
    face = Region(kind=RegionKind.FACE, area=Area(x=0, y=0, w=200, h=300))

    news = evidence.note_regions(board, [face], method="things/1", actor=WORKER, now=now)
    again = evidence.note_regions(board, [], method="things/1", actor=WORKER, now=now)

    assert (news, again) == (True, False)
    assert look_through() == 0
    assert sides(board) == (False, True)
    assert hiding(board).method == "worker:things/1"


def test_only_the_system_says_where_faces_are(board, li_ming, now):
    with pytest.raises(NotPermitted):
        evidence.note_regions(board, [], method="x", actor=li_ming, now=now)

    assert not hiding(board).is_done


def test_regions_of_a_file_that_is_not_here_are_no_news(db, now):
    assert not evidence.note_regions("0" * 64, [], method="x", actor=WORKER, now=now)


def test_a_recording_is_shown_only_once_it_is_covered(db, li_ming, now, look_through):
    stored = evidence.store(clip(), name="c.mp4", actor=li_ming, now=now)
    with pytest.raises(NoSuchCopy, match="录像没有遮挡过的副本"):
        evidence.read(li_ming, stored.sha256, now=now)

    look_through()

    assert evidence.read(li_ming, stored.sha256, now=now)[1] == "video/webm"


def test_a_recording_that_comes_back_is_covered_again(db, li_ming, now, look_through):
    sha256 = evidence.store(clip(), name="c.mp4", actor=li_ming, now=now).sha256
    evidence.attach(sha256, subject=THING, role="clip", actor=li_ming, now=now)
    look_through()
    evidence.erase(THING, reason="到期", actor=WORKER, now=now)
    evidence.remove_erased(now=now)

    evidence.store(clip(), name="c.mp4", actor=li_ming, now=now)

    assert look_through() == 1
    assert evidence.read(li_ming, sha256, now=now)[1] == "video/webm"


def test_a_damaged_recording_is_given_up_at_once(db, li_ming, now, store_folder, look_through):
    sha256 = evidence.store(clip(), name="c.mp4", actor=li_ming, now=now).sha256
    (path,) = store_folder.rglob("*.mp4")
    path.write_bytes(path.read_bytes()[:200])

    assert look_through() == 1

    assert "文件有损坏" in evidence.custody(sha256)[-1].sentence
    assert hiding(sha256).state_label == "无法遮挡"


def test_a_document_is_not_looked_through(db, li_ming, now, look_through):
    evidence.store(PDF, name="a.pdf", actor=li_ming, now=now)

    assert look_through() == 0


def test_a_damaged_picture_is_given_up_in_the_open_and_stays_a_sketch(
    board, sides, store_folder, look_through
):
    (path,) = store_folder.rglob("*.png")
    content = path.read_bytes()
    path.write_bytes(content[:200])

    look_through()

    path.write_bytes(content)
    assert custody(board)[-1] == "evidence.redaction-failed"
    assert hiding(board).state_label == "无法遮挡"
    assert sides(board) == (False, False)


def test_a_file_whose_worker_died_is_taken_up_again_and_then_given_up(board, look_through):
    Redaction.objects.update(tries=3)

    look_through()

    assert "中断 3 次" in evidence.custody(board)[-1].sentence


class OvertakenByACamera:
    """Fails to look, while the camera worker's own regions arrive."""

    def __init__(self, sha256, now):
        self.sha256, self.now = sha256, now

    def things(self, picture):
        evidence.note_regions(self.sha256, [], method="things/1", actor=WORKER, now=self.now)
        raise NoSuchCopy("看不了。")


def test_who_fails_takes_back_nothing_that_another_found_out(board, sides, now, look_through):
    look_through(Redactor(things=OvertakenByACamera(board, now), faces=None))

    assert custody(board)[-1] == "evidence.redacted"
    assert (hiding(board).is_done, sides(board)) == (True, (True, True))


def test_what_another_worker_holds_is_left_to_it(board, look_through):
    Redaction.objects.update(claimed_at=timezone.now())

    assert look_through() == 0


def test_an_erased_file_waits_for_nobody(board, now):
    assert queries.is_waiting()

    evidence.erase(THING, reason="到期", actor=WORKER, now=now)

    assert (queries.is_waiting(), queries.waiting_count()) == (False, 0)


def test_without_models_the_task_does_nothing(board, monkeypatch, tmp_path):
    monkeypatch.setenv("CHENGZHI_MODELS", str(tmp_path))

    assert tasks.hide_faces(lambda: False) is False
    assert queries.waiting_count() == 1


def test_a_person_covers_what_was_missed(board, sides, wang_fang, now, look_through):
    look_through()
    before = sides(board)

    commands.cover(board, box=(0.5, 0, 0.5, 1), actor=wang_fang, now=now)

    assert (before, sides(board)) == ((True, True), (True, False))
    assert custody(board)[-1] == "evidence.copy-marked"


def test_a_person_uncovers_a_mistake_for_a_reason(board, sides, wang_fang, now, look_through):
    look_through(seeing(faces=[LEFT]))
    commands.cover(board, box=(0.6, 0, 0.4, 1), actor=wang_fang, now=now)

    for number in (1, 0):
        commands.uncover(board, number, reason=" 不是人脸 ", actor=wang_fang, now=now)

    assert sides(board) == (True, True)
    assert evidence.custody(board)[-1].sentence == "取消公开副本上的第 0 处遮挡：不是人脸"
    assert [part.is_lifted for part in hiding(board).found] == [True]
    assert hiding(board).revision == 4


@pytest.mark.parametrize(
    ("number", "reason", "field"), [(0, " ", "reason"), (7, "错", "number"), (-1, "错", "number")]
)
def test_what_cannot_be_uncovered_stays_covered(
    board, sides, wang_fang, now, look_through, number, reason, field
):
    look_through(seeing(faces=[LEFT]))

    with pytest.raises(InvalidInput) as refused:
        commands.uncover(board, number, reason=reason, actor=wang_fang, now=now)

    assert refused.value.field == field
    assert (sides(board), hiding(board).revision) == ((False, True), 1)


def test_who_may_not_mend_mends_nothing(board, sides, li_ming, now, look_through):
    look_through()

    with pytest.raises(NotPermitted):
        commands.cover(board, box=LEFT, actor=li_ming, now=now)

    assert sides(board) == (True, True)


def test_before_anybody_looked_there_is_nothing_to_mend(board, wang_fang, now):
    with pytest.raises(NothingHiddenYet):
        commands.cover(board, box=LEFT, actor=wang_fang, now=now)

    assert hiding(board).revision == 0


@pytest.mark.parametrize("box", [(0.9, 0, 0.3, 0.1), (0, 0, 0, 0.5), (-1, 0, 0.5, 0.5)])
def test_a_mark_lies_in_the_picture(box):
    with pytest.raises(InvalidInput, match="请重新框选"):
        marked(*box)


def test_what_may_be_shown_outside_was_looked_through(board, li_ming, now, look_through):
    look_through()
    other = evidence.store(picture(), name="b.jpg", actor=li_ming, now=now).sha256

    assert evidence.redacted_among([board, other]) == {board}


def test_copies_go_with_their_file(board, sides, store_folder, now, look_through):
    sides(board)
    look_through(seeing(faces=[LEFT]))
    sides(board, "thumbnail")

    evidence.erase(THING, reason="到期", actor=WORKER, now=now)
    evidence.remove_erased(now=now)

    assert [path for path in store_folder.rglob("*") if path.is_file()] == []
