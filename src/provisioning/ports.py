"""
The ports: all that the product asks of the world outside, as narrow as it can be.

Each has an adapter on Google Cloud (`provisioning.google`) and a local one (`provisioning.local`);
one contract suite per port runs over both. Only `provisioning.runtime` chooses between them.

Every call may raise `Transient` (the receiver did not answer within its time-out, or is busy).
A `Transient` from a call that changes something means *perhaps done*: the caller must read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol, runtime_checkable

from provisioning.errors import FieldError, InvalidInput

Data = Mapping[str, Any]

ID_PATTERN = "[A-Za-z0-9][A-Za-z0-9_.-]{0,127}"
_ID = re.compile(ID_PATTERN)


def check_id(value: object, name: str = "id") -> str:
    """
    Return `value` if it is safe as one segment of a path, else raise `InvalidInput`.

    Letters, digits, `_`, `.` and `-`, 1 to 128 of them, beginning with a letter or digit: so it is never
    `.`, `..` or `__x__`, and holds no slash, which would reach into another tenant's documents.
    """
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    message = "must be 1 to 128 letters, digits, '_', '.' or '-', beginning with a letter or digit"
    raise InvalidInput((FieldError(name, "INVALID_ID", message),))


def document_path(*segments: str) -> str:
    """Join checked segments into a document's path: `document_path("tenants", store_id, "products", id)`."""
    return "/".join(check_id(segment) for segment in segments)


# --- Documents -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document as it was at `read_time`; `data` is None where there was none."""

    path: str
    data: Data | None
    read_time: datetime
    create_time: datetime | None = None
    update_time: datetime | None = None

    @property
    def exists(self) -> bool:
        return self.data is not None

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Create:
    """Write a document that must not exist."""

    path: str
    data: Data


@dataclass(frozen=True, slots=True)
class Set:
    """Write a whole document, whatever was there."""

    path: str
    data: Data


@dataclass(frozen=True, slots=True)
class Update:
    """
    Replace the named top-level fields of a document that must exist, and leave the others.

    With `if_updated_at`, only if the document is still the one whose `update_time` that was.
    Field names are plain names: a dot would be a path and is refused.
    """

    path: str
    fields: Data
    if_updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a document; none there is a no-op, but with `if_updated_at` a conflict."""

    path: str
    if_updated_at: datetime | None = None


Write = Create | Set | Update | Delete
Op = Literal["==", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Where:
    """A condition of a query. `field` may be a dotted path into maps, as `engine.wake_at`."""

    field: str
    op: Op
    value: Any


@dataclass(frozen=True, slots=True)
class Query:
    """
    Documents directly in `collection` (`"provisionings"`, `"tenants/s1/products"`) that meet all of `where`.

    Ordered by `order_by` (a dotted field; a leading `-` means descending), then by id in the same direction; without
    it, by id. A range condition must be on the field of `order_by`. A document that lacks the ordering field, or has null in a range condition, is left out. `after` is a
    snapshot of the same query: the results begin behind it. `limit` is a number of documents.
    """

    collection: str
    where: tuple[Where, ...] = ()
    order_by: str | None = None
    limit: int = 100
    after: Snapshot | None = None


class Documents(Protocol):
    """
    Documents with conditional, atomic batches: Firestore, or SQLite.

    Data are maps of str to None, bool, int (64 bit), float (finite), str, aware datetime (kept to the microsecond, in UTC), list and
    map; no list directly in a list. What is read is equal to what was written. Reads see every commit that was answered before.
    """

    def get(self, path: str) -> Snapshot:
        """The document at `path`; a snapshot without data where there is none. `read_time` is the server's clock."""
        ...

    def get_all(self, paths: Sequence[str]) -> list[Snapshot]:
        """One snapshot for each path, in their order, read at one instant."""
        ...

    def query(self, query: Query) -> list[Snapshot]:
        """The documents that `query` describes, at most its limit."""
        ...

    def count(self, query: Query) -> int:
        """How many documents `query` would give without its limit and its `after`; none of them is read."""
        ...

    def commit(self, writes: Sequence[Write]) -> tuple[datetime, ...]:
        """
        Apply all writes or none, and return the update time of each.

        Raises `Conflict` when a condition does not hold (create over an existing document; update of a missing one; another
        `update_time`); nothing is written then. Two commits that hold the same condition have one winner. A write that changes nothing
        may leave `update_time` as it was. Update times of one document never go backwards.
        """
        ...

    def watch(self, path: str, on_change: Callable[[Snapshot], None]) -> Callable[[], None]:
        """
        Call `on_change` with the present snapshot at once and after every change, from a thread of the adapter's.

        Quick changes may be folded into one call; the last state always arrives. Returns a function that ends it (idempotent).
        """
        ...


# --- Messages --------------------------------------------------------------------------------------------


class Messages(Protocol):
    """A broker with at-least-once, unordered delivery to push subscriptions."""

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> None:
        """Publish one message and wait until the broker has it. `data` is never empty."""
        ...


# --- Site files ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SiteFile:
    """Bytes with what a server must say of them. `encoding` is the bytes' own content encoding ("gzip") or None."""

    body: bytes
    content_type: str
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as a list shows it: about how many bytes it takes, and when it was put, by the clock of whoever keeps it."""

    name: str
    size: int
    put_at: datetime


class SiteFiles(Protocol):
    """
    Immutable files under names that carry their content's hash: Cloud Storage, or a folder.

    Names are `/`-separated segments of letters, digits, `_`, `.` and `-`, none of them `.` or `..`; any other name is `InvalidInput`.
    """

    def put(self, name: str, file: SiteFile) -> None:
        """Keep `file` under `name`. A name that exists already is a success, whichever bytes are there: they are the same."""
        ...

    def get(self, name: str) -> SiteFile | None:
        """The file, or None."""
        ...

    def exists(self, name: str) -> bool:
        """Whether `get` would find it."""
        ...

    def list(self, prefix: str) -> list[str]:
        """The names that begin with `prefix`, in order."""
        ...

    def entries(self, prefix: str) -> Sequence[KeptFile]:
        """As `list`, with sizes and times. A second put of a name leaves its time as it was."""
        ...

    def delete(self, name: str) -> None:
        """Remove the file; none there is a no-op."""
        ...


# --- Mail ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person. `key` is the effect key; it travels with the mail so that `find` can find it."""

    key: str
    to: str
    subject: str
    text: str
    html: str


class Sent(StrEnum):
    """What `Mailer.find` knows of a key."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    #: The receiver cannot tell. Sending again might send twice.
    UNKNOWN = "unknown"


class Mailer(Protocol):
    """Sends mail: SendGrid, or `.eml` files."""

    def send(self, mail: Mail) -> None:
        """
        Hand the mail over for delivery.

        Raises `Transient` with `retry_after` when the receiver refused it for now (429, 5xx: surely not sent), `Permanent` when it refused
        it for good (a bad address, a revoked key), and `Unconfirmed` when no answer came: it may have been sent.
        """
        ...

    def find(self, key: str) -> Sent:
        """Whether a mail with this key was accepted."""
        ...


class Unconfirmed(Exception):
    """The mail went out, and no answer came back. Not a `ProvisioningError`: only the step that sends mail may meet it."""


# --- Accounts --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can sign in."""

    uid: str
    email: str
    role: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified ID token says."""

    uid: str
    email: str | None = None
    role: str | None = None


class Accounts(Protocol):
    """People who can sign in: Firebase Auth, or SQLite."""

    def ensure_owner(self, email: str, name: str, uid: str) -> Account:
        """
        The account of `email`; made with `uid` if there is none.

        An account that exists is returned as it is, never changed, enabled or disabled. The caller knows by `account.uid == uid` whether
        it made it, in this call or an earlier one. Two calls at once make one account.
        """
        ...

    def find(self, uid: str) -> Account | None:
        """The account, or None."""
        ...

    def find_by_email(self, email: str) -> Account | None:
        """The account, or None. The case of the address does not matter."""
        ...

    def remove(self, uid: str) -> None:
        """Remove the account; none there is a no-op."""
        ...

    def set_role(self, uid: str, role: str | None) -> None:
        """Give the account this role in its claims, or take it away. Raises `NotFound`."""
        ...

    def list_by_role(self, role: str) -> list[Account]:
        """All accounts with this role, by e-mail address."""
        ...

    def verify(self, token: str) -> Claims:
        """What an ID token says; `NotAllowed` when it is forged, expired, revoked, of another project, or its account is disabled or gone."""
        ...


@runtime_checkable
class IssuesTokens(Protocol):
    """What the accounts of a local runtime can, where nobody types a password."""

    def issue_token(self, uid: str, seconds: float) -> str:
        """An ID token for this account, good for `seconds`. Raises `NotFound`."""
        ...


# --- Visitor ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """What a visitor got: the status, the body, and the content type."""

    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Visitor(Protocol):
    """Opens addresses of ours as a shopper's browser would. The steps use it to prove that what they made answers."""

    def open(self, url: str) -> Page:
        """GET `url`, without following redirects. Raises `Transient` when nothing answers. Never given a host that is not ours."""
        ...


# --- Faults ----------------------------------------------------------------------------------------------


class FaultKind(StrEnum):
    """How a step is made to go wrong."""

    FAIL = "fail"
    REFUSE = "refuse"
    SLOW = "slow"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Fault:
    """One step that goes wrong: so many times, or until it is turned off; `seconds` is how much longer it takes where it is slow."""

    step: str
    kind: FaultKind
    times: int | None = 1
    seconds: float | None = None


class Faults(Protocol):
    """The switch of a local runtime that makes steps go wrong. There is none in production."""

    def read(self) -> tuple[Fault, ...]:
        """What will go wrong."""
        ...

    def write(self, faults: tuple[Fault, ...]) -> None:
        """Let these go wrong from now on, and nothing else."""
        ...

    def take(self, step: str) -> Fault | None:
        """The first fault of this step, which counts as one of its times; of many who ask at once, each takes one."""
        ...

    def turned_at(self) -> str:
        """Something that differs after every `write`."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """All ports, as a runtime assembled them."""

    documents: Documents
    messages: Messages
    files: SiteFiles
    mailer: Mailer
    accounts: Accounts
    visitor: Visitor
