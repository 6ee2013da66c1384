"""Trying a rule on the stills of the last day before it is switched on."""

from chengzhi.kernel.procedure import Procedure, Step
from chengzhi.vision.rules.trials import plan_is_the_same, worker_is_the_same
from chengzhi.vision.types import TRIAL_STATE_LABELS, TrialState

BASIS = "规则先在存下的画面上试跑，看过会报什么，再启用"
MANAGER = "administrator"


def _discard(source: TrialState) -> Step:
    return Step(
        name="discard-trial",
        label="放弃试跑",
        source=source,
        target=TrialState.DISCARDED,
        role=MANAGER,
        basis=BASIS,
    )


def _fail(source: TrialState) -> Step:
    return Step(
        name="fail-trial",
        label="不能试跑",
        source=source,
        target=TrialState.FAILED,
        role="system",
        basis="画面不足30分钟或读不出，如实说明，不给出数字",
    )


TRIAL = Procedure(
    name="rule-trial",
    label="规则试跑",
    version="1",
    initial=TrialState.WAITING,
    final=frozenset({TrialState.SWITCHED_ON, TrialState.DISCARDED, TrialState.FAILED}),
    states={str(state): label for state, label in TRIAL_STATE_LABELS.items()},
    steps=(
        Step(
            name="begin-trial",
            label="开始试跑",
            source=TrialState.WAITING,
            target=TrialState.RUNNING,
            role="system",
            basis=BASIS,
        ),
        Step(
            name="go-on-with-trial",
            label="继续试跑",
            source=TrialState.RUNNING,
            target=TrialState.RUNNING,
            role="system",
            basis="识别程序重启后接着做，别的程序不抢",
            guards=(worker_is_the_same,),
        ),
        Step(
            name="finish-trial",
            label="试跑完成",
            source=TrialState.RUNNING,
            target=TrialState.DONE,
            role="system",
            basis=BASIS,
        ),
        _fail(TrialState.WAITING),
        _fail(TrialState.RUNNING),
        Step(
            name="switch-on",
            label="启用试过的规则",
            source=TrialState.DONE,
            target=TrialState.SWITCHED_ON,
            role=MANAGER,
            basis=BASIS,
            guards=(plan_is_the_same,),
        ),
        _discard(TrialState.WAITING),
        _discard(TrialState.RUNNING),
        _discard(TrialState.DONE),
    ),
)
