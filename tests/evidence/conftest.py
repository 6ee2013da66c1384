"""A store of its own for each test, and records of an imagined context that decide who sees."""

from pathlib import Path

import pytest
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.evidence import commands
from chengzhi.evidence import interface as evidence
from tests.evidence.looking import seeing


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> Path:
    settings.CHENGZHI_EVIDENCE = str(tmp_path / "evidence")
    return tmp_path / "evidence"


@pytest.fixture(autouse=True)
def things():
    """Subjects "thing:<county>-…" are seen by the people of that county."""

    def of_ones_own_county(actor: Actor, subject: str) -> bool:
        return subject.startswith(f"thing:{actor.county}-")

    evidence.register_subject("thing", of_ones_own_county)


@pytest.fixture
def look_through():
    """Look for faces in everything that waits, as the platform's worker does."""

    def look(redactor=None) -> int:
        actor = accounts.system_actor("redaction", division="330225")
        redactor, count = redactor or seeing(), 0
        while commands.redact_next(redactor, actor=actor, clock=timezone.now):
            count += 1
        return count

    return look
