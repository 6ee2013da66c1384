"""The one family of errors that a person may be shown."""


class DomainError(Exception):
    """A rule of the domain was broken: expected, explained to the person, never a crash.

    Subclasses set `code` (stable, for the API and tests) and `status` (HTTP). The sentence is
    Chinese: what is wrong, why, and the cure. `field` names the input at fault, if one is.
    """

    code = "domain-error"
    status = 409

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class InvalidInput(DomainError):
    """One input is malformed; the sentence names it and says what to write instead."""

    code = "invalid-input"
    status = 422


class NotVisible(DomainError):
    """The record does not exist, or not for this person: the two must look the same."""

    code = "not-visible"
    status = 404
