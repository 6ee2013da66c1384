"""What is kept is read again when it is old, unknown, dropped, or of the future."""

from datetime import UTC, datetime, timedelta

import pytest

from chengzhi.kernel.kept import Kept

NOW = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
FRESH = timedelta(seconds=10)


@pytest.fixture
def reads() -> list[str]:
    return []


def read(kept: Kept[str, int], key: str, reads: list[str], *, after: float = 0.0) -> int:
    def count() -> int:
        reads.append(key)
        return len(reads)

    return kept.get(key, count, now=NOW + timedelta(seconds=after), fresh=FRESH)


@pytest.mark.parametrize(("after", "value"), [(9.9, 1), (10.0, 2), (-0.1, 2)])
def test_a_value_holds_for_so_long_and_not_before_it_was_read(reads, after, value):
    kept: Kept[str, int] = Kept()
    read(kept, "a", reads)

    assert read(kept, "a", reads, after=after) == value


def test_a_dropped_value_is_read_again_and_others_are_not(reads):
    kept: Kept[str, int] = Kept()
    first = [read(kept, key, reads) for key in "ab"]

    kept.drop("a")
    kept.drop("never there")

    assert first == [1, 2]
    assert [read(kept, key, reads) for key in "ab"] == [3, 2]


def test_when_full_all_go(reads):
    kept: Kept[str, int] = Kept(most=2)

    for key in "abc":
        read(kept, key, reads)

    assert list(kept) == ["c"]
    assert len(kept) == 1
