"""Pages of accounts: sign-in, one's own account, people, units, tokens."""

from chengzhi.accounts.web.account import account, password
from chengzhi.accounts.web.gate import PasswordGate
from chengzhi.accounts.web.known_people import KnownPeople
from chengzhi.accounts.web.people import (
    create_person,
    deactivate,
    end_post,
    give_post,
    people,
    person,
    reset_password,
)
from chengzhi.accounts.web.sign_in import locked_out, sign_in, sign_out
from chengzhi.accounts.web.tokens import issue_token, revoke_token, tokens
from chengzhi.accounts.web.units import close_unit, create_unit, units

__all__ = [
    "KnownPeople",
    "PasswordGate",
    "account",
    "close_unit",
    "create_person",
    "create_unit",
    "deactivate",
    "end_post",
    "give_post",
    "issue_token",
    "locked_out",
    "password",
    "people",
    "person",
    "reset_password",
    "revoke_token",
    "sign_in",
    "sign_out",
    "tokens",
    "units",
]
