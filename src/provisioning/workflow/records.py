"""
The provisioning document: what it holds, and how it is written.

`provisionings/{id}` is progress for people, state for the engine, lease and outbox at once. Nothing but the engine writes it, for its
`update_time` is the beginning of the lease.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, Self, Union, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provisioning.errors import FieldError, Permanent, TooNew, Unreadable
from provisioning.stores.publication import PublicationOrder

SCHEMA = 1
#: The log rides along in the document, so it is bounded.
LOG_ENTRIES = 100
TEXT_LENGTH = 500
WAKE_SHARDS = 4


class Kind(StrEnum):
    """What a provisioning is a run of: `workflow.definition` has the steps of each."""

    ACTIVATION = "activation"
    PUBLICATION = "publication"


class Status(StrEnum):
    """The state of a provisioning."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    #: Being undone; with an `error` and no `wake_at` it is halted, and only rolling back again resumes it.
    ROLLBACK = "ROLLBACK"
    ROLLED_BACK = "ROLLED_BACK"


class StepStatus(StrEnum):
    """The state of a step inside one provisioning."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    UNDONE = "UNDONE"


class Direction(StrEnum):
    FORWARD = "forward"
    UNDO = "undo"


#: What a frozen record refuses.
_set = object.__setattr__


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    def __eq__(self, other: object) -> bool:
        # No record has more to it than its fields.
        return type(self) is type(other) and vars(self) == vars(other)

    def changed(self, **changes: Any) -> Self:
        """A copy with some fields replaced, which are not checked again. As `model_copy(update=…)`, at a fraction of its time."""
        copy = type(self).__new__(type(self))
        _set(copy, "__dict__", {**self.__dict__, **changes})
        # Which fields were given is asked by nobody.
        _set(copy, "__pydantic_fields_set__", self.__pydantic_fields_set__)
        _set(copy, "__pydantic_extra__", None)
        _set(copy, "__pydantic_private__", None)
        return copy


class FieldProblem(_Record):
    """What is wrong with one field of the request."""

    field: str
    code: str
    message: str


class Problem(_Record):
    """Why it stands still, in people's words, and what to do."""

    code: str
    title: str
    detail: str = ""
    action: str = ""
    retryable: bool = False
    step: str | None = None
    fields: tuple[FieldProblem, ...] = ()

    @classmethod
    def of(cls, error: Permanent, step: str | None) -> Problem:
        return cls(
            code=error.code,
            title=_bounded(error.title),
            detail=_bounded(error.detail),
            action=_bounded(error.action),
            retryable=error.retryable,
            step=step,
            fields=field_problems(error.fields),
        )


def field_problems(errors: Sequence[FieldError]) -> tuple[FieldProblem, ...]:
    """At most 20 of them, bounded, as the document shows them."""
    return tuple(FieldProblem(field=e.field, code=e.code, message=_bounded(e.message)) for e in errors[:20])


class StepRecord(_Record):
    """The state of one step."""

    name: str
    title: str
    percent: int
    status: StepStatus = StepStatus.PENDING
    attempts: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    #: Why the last attempt did not succeed.
    error: str | None = None


class LogEntry(_Record):
    at: datetime
    step: str | None
    level: Literal["info", "warning", "error"]
    message: str


class Engine(_Record):
    """What the engine alone reads. People may look; nobody else writes."""

    epoch: int = 1
    hop: int = 0
    direction: Direction = Direction.FORWARD
    #: Attempts at the current step in this epoch, counted at the claim, so that crashes count.
    attempt: int = 0
    #: The token of the invocation that works on the step; None when nobody does.
    owner: str | None = None
    not_before: datetime | None = None
    #: True once an invocation of this step never came back: what it did is not known.
    in_doubt: bool = False
    #: The token of the invocation that made the last change: how one recognises its own lost answer.
    commit_token: str | None = None
    #: When somebody should look again; None when it is over.
    wake_at: datetime | None = None
    wake_shard: int = 0
    #: Effects made at receivers: {step, effect, key}.
    effects: tuple[dict[str, str], ...] = ()
    refs: dict[str, Any] = Field(default_factory=dict[str, Any])
    #: The open dead letter of this provisioning, closed when a retry or a roll back overtakes it.
    dead_letter: str | None = None


#: What documents tell apart.
_MOMENT = timedelta(microseconds=1)


class Provisioning(_Record):
    """`provisionings/{id}`."""

    schema_version: int = Field(default=SCHEMA, alias="schema")
    kind: str = Kind.ACTIVATION.value
    #: What is to be published, for a provisioning of the kind "publication".
    publication: PublicationOrder | None = None
    merchant_id: str | None
    store_id: str | None
    store_name: str | None
    subdomain: str | None
    status: Status = Status.PENDING
    current_step: str | None
    completion_percent: int = 0
    steps: tuple[StepRecord, ...]
    error: Problem | None = None
    log: tuple[LogEntry, ...] = ()
    links: dict[str, str] = Field(default_factory=dict[str, str])
    receipt: tuple[dict[str, Any], ...] = ()
    #: How the welcome mail went: "sent" or "unconfirmed".
    delivery: str | None = None
    retry_count: int = 0
    requested_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    updated_at: datetime
    #: A publication's document is removed after this time; an activation's stays.
    expires_at: datetime | None = None
    engine: Engine = Engine()

    @property
    def halted(self) -> bool:
        """An undo that ran out of attempts."""
        return self.status == Status.ROLLBACK and self.error is not None

    @property
    def over(self) -> bool:
        """Nothing happens any more unless a person asks for it."""
        return self.status in (Status.COMPLETED, Status.FAILED, Status.ROLLED_BACK) or self.halted

    def later(self, now: datetime) -> datetime:
        """
        `now`, or the first moment after the last change: when the next one is said to have happened.

        Who watches takes what is not later than what it has seen for an answer that was late. A clock that is carried on from one commit to
        the next is ahead by what that commit waited for, so the next reading of it may be behind.
        """
        return max(now, self.updated_at + _MOMENT)

    def lists(self, step: str) -> bool:
        """Whether the step belonged to the workflow when it last moved forward."""
        return any(record.name == step for record in self.steps)

    def with_step(self, name: str, **changes: Any) -> tuple[StepRecord, ...]:
        """All step records, with changes to one."""
        return changed_step(self.steps, name, **changes)

    def with_log(self, at: datetime, step: str | None, level: str, *messages: str) -> tuple[LogEntry, ...]:
        """The log with more lines; the oldest fall off."""
        new = tuple(
            LogEntry(at=at, step=step, level=cast("Any", level), message=_bounded(message))
            for message in messages
        )
        return (*self.log, *new)[-LOG_ENTRIES:]


def changed_step(steps: tuple[StepRecord, ...], name: str, **changes: Any) -> tuple[StepRecord, ...]:
    """All step records, with changes to the one of this name, if there is one."""
    for n, record in enumerate(steps):
        if record.name == name:
            return (*steps[:n], record.changed(**changes), *steps[n + 1 :])
    return steps


def read_provisioning(data: Mapping[str, Any]) -> Provisioning:
    """The record that a document holds, to look at."""
    return Provisioning.model_validate(data)


def read_to_change(data: Mapping[str, Any]) -> Provisioning:
    """
    The record, for whoever acts on it.

    Raises `TooNew` for what a newer version wrote (writing it would drop what we do not know of), and `Unreadable` for what cannot be
    understood at all.
    """
    schema = data.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise TooNew("the provisioning")
    try:
        return read_provisioning(data)
    except ValidationError:
        raise Unreadable("UNREADABLE_DOCUMENT", "the provisioning's document cannot be read") from None


def write_provisioning(record: Provisioning) -> dict[str, Any]:
    """The whole document."""
    return {_written(name): plain(getattr(record, name)) for name in _FIELDS}


def changed_fields(old: Provisioning, new: Provisioning) -> dict[str, Any]:
    """The top-level fields in which `new` differs: an update carries no more."""
    before = vars(old)
    return {
        _written(name): plain(value)
        for name, value in vars(new).items()
        # Most are the same object: a copy of a record shares what was not changed.
        if (earlier := before[name]) is not value and earlier != value
    }


_FIELDS = tuple(Provisioning.model_fields)


def _written(name: str) -> str:
    """A field's name in the document."""
    return "schema" if name == "schema_version" else name


#: What needs no look inside: most of a document, and each is looked at with every commit.
_PLAIN = frozenset((str, int, float, bool, type(None), datetime))


def plain(value: object) -> object:
    """Records and maps as dicts, enums as their text and tuples as lists: what the documents port takes."""
    kind = type(value)
    return value if kind in _PLAIN else _writer_of(kind)(value)


@lru_cache(maxsize=256)
def _writer_of(kind: type) -> Callable[[Any], object]:
    """How values of a type are written: asked for once, for each is looked at with every commit."""
    if issubclass(kind, _Record):
        # Below the top no field is written under another name than its own.
        return _plain_record
    if issubclass(kind, StrEnum):
        return _plain_enum
    if issubclass(kind, (tuple, list)):
        return _plain_list
    if issubclass(kind, BaseModel):
        return _plain_model
    if issubclass(kind, Mapping):
        return _plain_map
    return _as_it_is


def _plain_record(value: _Record) -> dict[str, object]:
    fields = dict(vars(value))
    for name in _names_to_write(type(value)):
        fields[name] = plain(fields[name])
    return fields


@lru_cache(maxsize=32)
def _names_to_write(kind: type[_Record]) -> tuple[str, ...]:
    """The fields whose values may need a look."""
    return tuple(
        name for name, field in kind.model_fields.items() if not _PLAIN.issuperset(_kinds(field.annotation))
    )


def _kinds(annotation: object) -> tuple[object, ...]:
    """The types of a field: several for a union, that of its texts for a literal."""
    if get_origin(annotation) is Literal:
        return (str,)
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


def _plain_enum(value: StrEnum) -> str:
    # Its `value`, at a fraction of its time.
    return str.__str__(value)


def _plain_list(value: Sequence[object]) -> list[object]:
    return [item if type(item) in _PLAIN else plain(item) for item in value]


def _plain_model(value: BaseModel) -> object:
    return plain(value.model_dump(mode="python", by_alias=True))


def _plain_map(value: Mapping[str, object]) -> dict[str, object]:
    return {
        name: item if (kind := type(item)) in _PLAIN else _writer_of(kind)(item)
        for name, item in value.items()
    }


def _as_it_is(value: object) -> object:
    return value


def _bounded(text: str) -> str:
    return text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"
