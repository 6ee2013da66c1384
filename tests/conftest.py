"""Fixtures for every test: the named cast, the moment, and the real data."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chengzhi.accounts.types import Actor, Role

COUNTY = "330225"
DANDONG = "330225001"

# Coverage asks on which lines of the core a claim stands. These tests only pass through them:
# walks over many addresses, whole programs, real data, comparisons with a reference of thousands
# of cases. Coverage pauses meanwhile, because a tracer makes Python run 1.7 to 3.5 times as long.
PASSES_THROUGH = re.compile(
    r"tests/(contracts|golden|scene|standards|supervisor)/"
    r"|tests/site/(?!test_import_standards|test_standards_command)"
    r"|/test_(schemathesis|privacy|every_number|million|real_data|real_clips|demo_county)\.py"
    r"|/test_(with_the_worker|analyse|worker|kill|clock_reference)\.py"
    r"|::test_(every_pair_of_occasions|any_life_of_a_clock|new_yorks_mixed_list)_"
)

# The longest files begin first, so that no process works alone at the end; of the journeys, which
# two processes share, the two longest begin side by side (`--no-loadscope-reorder` keeps this).
LONGEST_FIRST = (
    "e2e/test_accessibility.py",
    "e2e/test_killed_anywhere.py",
    "vision_worker/test_real_clips.py",
    "contracts/test_every_address.py",
    "workorders/test_privacy.py",
    "api/test_schemathesis.py",
    "vision_worker/test_scenes.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="only tests that ask a database, and of these none that is marked one_database",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pause coverage for tests that only pass through; leave out what asks no database."""
    items.sort(key=_place)
    for item in items:
        if PASSES_THROUGH.search(item.nodeid):
            item.add_marker("no_cover")
    if config.getoption("--only-database"):
        kept = [item for item in items if _asks_a_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def _place(item: pytest.Item) -> int:
    file = item.nodeid.split("::")[0]
    return next((n for n, long in enumerate(LONGEST_FIRST) if file.endswith(long)), 99)


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") is not None
    return bool(fixtures or marked) and item.get_closest_marker("one_database") is None


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning at half past ten in Xiangshan, a working day."""
    return datetime(2026, 11, 25, 2, 30, tzinfo=UTC)


def actor(ref: str, name: str, *roles: Role, unit: str = "C01", division: str = COUNTY) -> Actor:
    return Actor(ref=ref, name=name, roles=frozenset(roles), unit=unit, division=division)


@pytest.fixture
def li_ming() -> Actor:
    return actor("person:1", "李明", Role.COLLECTOR)


@pytest.fixture
def wang_fang() -> Actor:
    return actor("person:2", "王芳", Role.ACCEPTANCE_OFFICER, Role.DUTY_MANAGER, Role.DISPATCHER)


@pytest.fixture
def zhao_qiang() -> Actor:
    return actor("person:3", "赵强", Role.LEADER, unit="B01")


@pytest.fixture
def zhou_jian() -> Actor:
    """A handler of the Dandong squad."""
    return actor("person:4", "周健", Role.HANDLER, unit="S01", division=DANDONG)


@pytest.fixture
def chen_jing() -> Actor:
    """From another district: she must see nothing."""
    return actor("person:9", "陈静", Role.DUTY_MANAGER, unit="X01", division="330203")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository, or a skip that names it."""
    default = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("CHENGZHI_SHARED_DATA", default))
    if not folder.is_dir():
        pytest.skip("shared/data is absent: real data is not part of the repository")
    return folder


@pytest.fixture(scope="session", autouse=True)
def evidence_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that tests store lie in a folder of the run, never in the checkout."""
    from django.conf import settings

    settings.CHENGZHI_EVIDENCE = str(tmp_path_factory.mktemp("evidence"))
    return Path(settings.CHENGZHI_EVIDENCE)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Give each process a database of its own.

    SQLite's is a file: several connections then wait as they do in service.
    """
    from django.db import connections

    for database in connections.all():
        if database.vendor == "sqlite":
            folder = tmp_path_factory.mktemp("database")
            database.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold the clock: calls are counted by the minute, and a minute may end between two of them."""
    from django.utils import timezone

    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
