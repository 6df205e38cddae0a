"""
What a contract suite is given: an adapter and, where the port alone cannot show what became of a call, the other side's view.

`local_adapters` and `google_adapters` have one context manager per port, which yields a fresh, isolated adapter: a `Documents`,
a `SiteFiles`, or one of the rigs below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from provisioning.ports import Accounts, Mailer, Messages


@dataclass(frozen=True, slots=True)
class Received:
    """A message as a subscriber got it."""

    data: bytes
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MessagesRig:
    """`topic` exists; `receive(timeout)` gives and acknowledges the next of its messages, or None after so many seconds."""

    messages: Messages
    topic: str
    receive: Callable[[float], Received | None]


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail as its receiver reads it."""

    to: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class MailerRig:
    """`received()` gives all mails that were accepted so far."""

    mailer: Mailer
    received: Callable[[], list[ReceivedMail]]


class SignIn(Protocol):
    """Gives an ID token for an account, good for so many seconds (none left if negative)."""

    def __call__(self, uid: str, seconds: float = 3600) -> str: ...


@dataclass(frozen=True, slots=True)
class AccountsRig:
    """`sign_in` and `disable` are what Firebase's own pages would do."""

    accounts: Accounts
    sign_in: SignIn
    disable: Callable[[str], None]
