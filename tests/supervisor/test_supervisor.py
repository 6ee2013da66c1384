"""What keeps the programs running: starts, pauses that grow, a clean end."""

import os
import signal
import sys

from chengzhi.site.supervisor import CALM_S, PAUSES_S, Child, Program, Supervisor

ENDS = Program(name="brief", command=(sys.executable, "-c", "raise SystemExit(3)"))
STAYS = Program(name="stays", command=(sys.executable, "-c", "import time; time.sleep(600)"))
# The helper keeps the pipe named by the first argument open for as long as it lives.
LEAVES_A_HELPER = (
    sys.executable,
    "-c",
    "import subprocess, sys; pipe = open(sys.argv[1], 'w'); "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], stdout=pipe); "
    "raise SystemExit(1)",
)


def ended(child: Child) -> None:
    child.process.wait(20)


def test_a_program_that_ended_is_named_and_started_again_after_its_pause():
    child = Child(program=ENDS)
    child.look(100.0)
    ended(child)

    said = child.look(100.5)

    assert said == "brief ended with status 3; starting again in 0.5 s"
    assert child.process is None
    assert child.look(100.9) is None and child.starts == 1
    child.look(101.0)
    assert child.starts == 2
    ended(child)


def test_pauses_grow_to_the_last_and_stay_there():
    child = Child(program=ENDS)
    waits = []
    for turn in range(len(PAUSES_S) + 2):
        child.start(float(turn))
        ended(child)
        child.look(float(turn))
        waits.append(child.wait_until - turn)

    assert waits == [*PAUSES_S[1:], PAUSES_S[-1], PAUSES_S[-1], PAUSES_S[-1]]


def test_a_program_that_ran_calmly_is_forgiven():
    child = Child(program=ENDS, failures=4)
    child.start(0.0)
    ended(child)

    child.look(CALM_S + 1)

    assert child.failures == 0
    assert child.wait_until == CALM_S + 1 + PAUSES_S[0]


def test_what_a_dead_program_left_behind_is_ended(tmp_path):
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    child = Child(program=Program(name="parent", command=(*LEAVES_A_HELPER, str(pipe))))
    child.start(0.0)

    with pipe.open() as alive:
        ended(child)
        child.look(1.0)

        assert alive.read() == ""  # end of file: nobody holds the pipe any more


def test_stop_ends_every_program():
    supervisor = Supervisor([STAYS, STAYS], say=lambda _: None)
    supervisor.look(0.0)
    first_child, second_child = supervisor.children
    supervisor.stop()

    supervisor.run()

    assert first_child.process.returncode == -signal.SIGTERM
    assert second_child.process.returncode == -signal.SIGTERM
