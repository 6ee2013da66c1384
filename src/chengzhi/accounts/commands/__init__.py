"""The writes of accounts, one module a deed."""

from chengzhi.accounts.commands.export import note_export
from chengzhi.accounts.commands.once import KeyTaken, answer_once, forget_calls
from chengzhi.accounts.commands.passwords import change_password, reset_password
from chengzhi.accounts.commands.people import create_person, deactivate, set_preferences
from chengzhi.accounts.commands.posts import end_post, give_post
from chengzhi.accounts.commands.rate import TooManyRequests, limit_rate
from chengzhi.accounts.commands.sign_in import note_failure, note_lock_out, note_sign_in
from chengzhi.accounts.commands.tokens import authenticate, issue_token, revoke_token
from chengzhi.accounts.commands.units import close_unit, create_unit

__all__ = [
    "KeyTaken",
    "TooManyRequests",
    "answer_once",
    "authenticate",
    "change_password",
    "close_unit",
    "create_person",
    "create_unit",
    "deactivate",
    "end_post",
    "forget_calls",
    "give_post",
    "issue_token",
    "limit_rate",
    "note_export",
    "note_failure",
    "note_lock_out",
    "note_sign_in",
    "reset_password",
    "revoke_token",
    "set_preferences",
]
