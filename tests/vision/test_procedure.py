"""The review procedure: every allowed and every forbidden pair, and every guard."""

from itertools import product

import pytest

from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.vision.procedure import REVIEW
from chengzhi.vision.types import FindingFacts, FindingState

ALLOWED = {
    ("pending", "confirm"): "confirmed",
    ("pending", "reject"): "rejected",
    ("pending", "merge"): "merged",
    ("pending", "note"): "noted",
    ("confirmed", "reopen"): "pending",
    ("rejected", "reopen"): "pending",
    ("merged", "reopen"): "pending",
}
PAIRS = list(product(FindingState, ("confirm", "reject", "merge", "note", "reopen")))


def street(**changes: object) -> FindingFacts:
    facts = {"kind": "object_left", "is_reviewable": True, "seconds_since_decision": 60.0}
    return FindingFacts(**{**facts, **changes})


@pytest.mark.parametrize(("state", "name"), PAIRS, ids=lambda value: str(value))
def test_each_pair_is_allowed_or_forbidden_as_the_table_says(state, name):
    kind = "camera_blind" if name == "note" else "object_left"
    facts = street(kind=kind)

    if (state, name) in ALLOWED:
        assert REVIEW.take(name, state=state, facts=facts).target == ALLOWED[state, name]
    else:
        with pytest.raises(StepNotAllowed, match=REVIEW.states[state]):
            REVIEW.take(name, state=state, facts=facts)


@pytest.mark.parametrize("name", ["confirm", "reject", "merge"])
def test_no_decision_before_the_evidence_is_there(name):
    with pytest.raises(StepNotAllowed, match="证据还在上传"):
        REVIEW.take(name, state="pending", facts=street(is_reviewable=False))


@pytest.mark.parametrize("name", ["confirm", "reject", "merge"])
def test_a_blind_camera_is_not_reviewed(name):
    with pytest.raises(StepNotAllowed, match="摄像头自身的异常"):
        REVIEW.take(name, state="pending", facts=street(kind="camera_blind"))


def test_a_finding_in_the_street_is_no_incident_of_the_equipment():
    with pytest.raises(StepNotAllowed, match="只有摄像头自身的异常"):
        REVIEW.take("note", state="pending", facts=street())


@pytest.mark.parametrize("seconds", [0, 600])
def test_a_decision_may_be_taken_back_for_ten_minutes(seconds):
    facts = street(seconds_since_decision=float(seconds))

    assert REVIEW.take("reopen", state="confirmed", facts=facts).target == "pending"


def test_after_ten_minutes_it_may_not():
    with pytest.raises(StepNotAllowed, match="超过10分钟"):
        REVIEW.take("reopen", state="confirmed", facts=street(seconds_since_decision=600.1))


def test_nor_once_the_work_order_has_moved():
    facts = street(work_order_moved=True, work_order_code="41732")

    with pytest.raises(StepNotAllowed, match="案件41732已经流转"):
        REVIEW.take("reopen", state="confirmed", facts=facts)
