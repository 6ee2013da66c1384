"""What the settings read from the environment, turned into values."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

DEMO_COUNTY = Path(__file__).parent / "data" / "demo_county.txt"
SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
    "PRAGMA temp_store=MEMORY;"
)


def flag(name: str) -> bool:
    """Return whether the environment switches `name` on."""
    return os.environ.get(name, "") not in ("", "0", "false")


def secret_key(*, demo: bool) -> str:
    """Return the signing key; only the demo may run without one of its own."""
    key = os.environ.get("CHENGZHI_SECRET_KEY", "")
    if key or not demo:
        return key or _refuse()
    return "demo-only-not-secret-" + "x" * 40


def _refuse() -> str:
    raise SystemExit(
        "CHENGZHI_SECRET_KEY is empty. Set it to at least 50 random characters, "
        "or set CHENGZHI_DEMO=1 for a demo on this machine."
    )


def county(*, demo: bool) -> str:
    """Return the six digits of the county that this installation serves (GB/T 2260).

    Only the demo has one of its own, as data beside this package.
    """
    named = os.environ.get("CHENGZHI_COUNTY", "").strip()
    if not named and demo:
        named = DEMO_COUNTY.read_text(encoding="utf-8").strip()
    if len(named) != 6 or not named.isdecimal():
        raise SystemExit(
            "CHENGZHI_COUNTY must be the six digits of the county's division code (GB/T 2260)."
        )
    return named


def password_days() -> int:
    """Return the age in days at which a password must be replaced; 0: never (GB/T 22239)."""
    named = os.environ.get("CHENGZHI_PASSWORD_DAYS", "").strip() or "0"
    if not named.isdecimal():
        raise SystemExit("CHENGZHI_PASSWORD_DAYS must be a number of days, or 0 for never.")
    return int(named)


def database(address: str, *, state: Path) -> dict[str, Any]:
    """Return Django's database entry for `postgresql://…`, or SQLite for a path or nothing."""
    if address.startswith(("postgres://", "postgresql://")):
        return _postgresql(address)
    return _sqlite(address or str(state / "chengzhi.sqlite3"))


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_START,
        },
    }


def _postgresql(address: str) -> dict[str, Any]:
    """Return the entry for PostgreSQL, whose server prepares what is asked a fifth time.

    A report costs the database 1.0 ms of CPU instead of 1.9 that way. A pooler between the two
    that does not know prepared statements needs `prepare=0` in the address.
    """
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    prepare = {
        "server_side_binding": True,
        "prepare_threshold": int(query.pop("prepare", "5")) or None,
    }
    pool = {"min_size": 1, "max_size": int(query.pop("pool", "8")), "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": pool, **prepare, **query},
    }
