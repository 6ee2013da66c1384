"""What the settings read from the environment."""

from pathlib import Path

import pytest

from chengzhi.site.environment import county, database, password_days


@pytest.mark.parametrize(("query", "threshold"), [("", 5), ("?prepare=2", 2), ("?prepare=0", None)])
def test_postgresql_prepares_statements_unless_the_address_says_no(query, threshold):
    entry = database(f"postgresql://bureau:s%40fe@db:5433/chengzhi{query}", state=Path("var"))

    assert entry["OPTIONS"] == {
        "pool": {"min_size": 1, "max_size": 8, "timeout": 20},
        "server_side_binding": True,
        "prepare_threshold": threshold,
    }
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"]) == ("bureau", "s@fe", "db")


def test_what_else_the_address_says_reaches_the_driver():
    entry = database("postgresql://db/chengzhi?pool=3&sslmode=require", state=Path("var"))

    assert entry["OPTIONS"]["pool"]["max_size"] == 3
    assert entry["OPTIONS"]["sslmode"] == "require"


def test_without_an_address_the_database_is_a_file_of_the_state_folder():
    entry = database("", state=Path("var"))

    assert entry["ENGINE"] == "django.db.backends.sqlite3"
    assert entry["NAME"] == "var/chengzhi.sqlite3"


def test_pain_31_an_installation_names_its_own_county(monkeypatch):
    monkeypatch.setenv("CHENGZHI_COUNTY", "110101")

    assert county(demo=False) == "110101"


@pytest.mark.parametrize("named", ["", "1101", "county"])
def test_without_a_county_only_the_demo_starts(monkeypatch, named):
    monkeypatch.setenv("CHENGZHI_COUNTY", named)

    with pytest.raises(SystemExit, match="CHENGZHI_COUNTY"):
        county(demo=False)


def test_the_demo_has_a_county_of_its_own(monkeypatch):
    monkeypatch.delenv("CHENGZHI_COUNTY", raising=False)

    assert county(demo=True) == "330225"


@pytest.mark.parametrize(("named", "days"), [("90", 90), ("0", 0), ("", 0)])
def test_the_age_of_a_password_comes_from_the_environment(monkeypatch, named, days):
    monkeypatch.setenv("CHENGZHI_PASSWORD_DAYS", named)

    assert password_days() == days


@pytest.mark.parametrize("named", ["three months", "-1", "1.5"])
def test_an_age_that_is_no_number_of_days_does_not_start(monkeypatch, named):
    monkeypatch.setenv("CHENGZHI_PASSWORD_DAYS", named)

    with pytest.raises(SystemExit, match="CHENGZHI_PASSWORD_DAYS"):
        password_days()
