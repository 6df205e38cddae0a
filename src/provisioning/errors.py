"""
Every error of the product, grouped by what the caller can do about it.

    ProvisioningError
    ├── Conflict          read again and decide anew: a condition of a commit did not hold
    ├── Transient         try again later, unchanged
    ├── Permanent         trying again cannot help; a person must read the problem
    ├── Rejected          the caller must change what it sent
    │   ├── InvalidInput      named fields are wrong
    │   ├── NotFound          the named thing does not exist
    │   ├── NotAllowed        the caller may not do this
    │   └── WrongState        it cannot be done in the present state
    ├── Unreadable        a message or a document cannot be parsed; it is filed as a dead letter
    │   └── TooNew            a newer version of ours wrote it: it waits for a version that reads it
    └── Misconfigured     the settings must be changed before anything can work

Messages may be shown to people. They never carry a payload, a header or a secret.
"""

from __future__ import annotations

from dataclasses import dataclass


class ProvisioningError(Exception):
    """The base of all errors that this product raises on purpose."""


class Conflict(ProvisioningError):
    """A condition of a commit did not hold; nothing was written."""


class Transient(ProvisioningError):
    """A receiver did not answer as hoped; the same call may work later."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "UNAVAILABLE",
        retry_after: float | None = None,
        perhaps_done: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        #: Seconds that the receiver asked us to wait, if it did.
        self.retry_after = retry_after
        #: For a step to say of an effect without a key: the next attempt is told that it is in doubt.
        self.perhaps_done = perhaps_done


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: a stable code and a sentence that a person understands."""

    field: str
    code: str
    message: str


class Permanent(ProvisioningError):
    """A step cannot succeed as things are; says why, and what a person can do."""

    def __init__(
        self,
        code: str,
        title: str,
        *,
        detail: str = "",
        action: str = "",
        retryable: bool = False,
        fields: tuple[FieldError, ...] = (),
    ) -> None:
        super().__init__(title)
        self.code = code
        self.title = title
        self.detail = detail
        self.action = action
        #: True where a retry makes sense once a person has done what `action` says.
        self.retryable = retryable
        self.fields = fields


class Rejected(ProvisioningError):
    """The caller must change what it sent."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class InvalidInput(Rejected):
    """Named fields are wrong."""

    def __init__(self, fields: tuple[FieldError, ...]) -> None:
        super().__init__("INVALID_INPUT", "; ".join(f"{f.field}: {f.message}" for f in fields))
        self.fields = fields


class NotFound(Rejected):
    """The named thing does not exist."""

    def __init__(self, message: str, *, code: str = "NOT_FOUND") -> None:
        super().__init__(code, message)


class NotAllowed(Rejected):
    """The caller may not do this."""

    def __init__(self, message: str, *, code: str = "NOT_ALLOWED") -> None:
        super().__init__(code, message)


class WrongState(Rejected):
    """It cannot be done in the present state."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)


class Unreadable(ProvisioningError):
    """A message or a document cannot be parsed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class TooNew(Unreadable):
    """A message or a document of a newer schema: nothing of it may be lost while an older version runs."""

    def __init__(self, what: str) -> None:
        super().__init__("UNKNOWN_SCHEMA", f"{what} is of a newer schema than this version reads")


class Misconfigured(ProvisioningError):
    """A setting is missing or wrong; the message names it and the remedy."""


def code_of(error: Exception) -> str:
    """What a log may say of an error: its code, or of one that nobody foresaw the type; never its text."""
    return str(getattr(error, "code", None) or type(error).__name__)
