"""A store of its own for each test, and records of an imagined context that decide who sees."""

from pathlib import Path

import pytest

from chengzhi.accounts.types import Actor
from chengzhi.evidence import interface as evidence


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
