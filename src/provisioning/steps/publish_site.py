"""
Make a store's website anew from its documents, check it, upload it as a release, and show it: to everybody, or on a preview channel.

What visitors see changes only by the engine's commit, on the condition that nobody promoted anything meanwhile; then the
step runs again from its reads. What has not changed since the live release is neither rendered nor uploaded again. A store that is too large for
one turn is made in several: each goes on where the one before ended, whether that was cut off or ran out of time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from provisioning.errors import FieldError, InvalidInput, NotFound, Permanent, Rejected, WrongState
from provisioning.ports import Update, Write, document_path
from provisioning.sites.channels import NO_STORE, check_channel, preview_write, promotion
from provisioning.sites.making import RESERVED, Done, MadeRelease, MakingReason, Unfinished, make_release
from provisioning.sites.store_themes import theme_of_store
from provisioning.steps.step import Outcome, StepContext
from provisioning.stores.audit import audit_entry
from provisioning.stores.publication import PLATFORM, PublicationOrder
from provisioning.stores.stores import LIVE
from provisioning.themes.packages import Theme

#: Turns in which a website must be made: enough for tens of thousands of pages.
MOST_TURNS = 40
#: So many times a receiver's time-out are left for the end of a turn: for what is under way, and for the engine's commit.
_LEFT_OVER = 3


def run(context: StepContext) -> Outcome:
    """Publish and promote, unless the store is gone."""
    order = context.publication
    earlier = _Earlier.of(context)
    try:
        if order.channel != LIVE:
            check_channel(order.channel)
        made = make_release(
            context.ports.documents,
            context.ports.files,
            context.surroundings.addresses,
            order.store_id,
            actor=order.actor,
            reason=_reason(order),
            theme=_theme(context, order),
            channel=order.channel,
            before_each=partial(context.deadline.require, context.surroundings.client_timeout),
            may_go_on=lambda seconds: _has_left(context, seconds),
            earlier=earlier.done,
            time_left=lambda: context.deadline.remaining() - RESERVED,
            monotonic=context.deadline.monotonic,
        )
    except Unfinished as so_far:
        return _go_on(earlier, so_far)
    except NotFound as error:
        if error.code == NO_STORE:
            return Outcome(log=("The store is gone: there is nothing to publish",))
        raise _refused(error, ()) from None
    except InvalidInput as error:
        raise _refused(error, error.fields) from None
    except WrongState as error:
        raise _refused(error, ()) from None
    previous = (made.deployment.data or {}).get("live")
    if order.channel == LIVE and not made.changed:
        return Outcome(log=("The website is as it was: nothing to publish",))
    stats = made.record.stats
    return Outcome(
        writes=(_show(context, order, made), *_audit(context, order, made)),
        refs={"release": made.id, "previous": previous, "channel": order.channel, "made": None},
        effects=("release",),
        log=(
            f"Release {made.id}: {stats.rendered} of {stats.pages} pages rendered, {stats.uploaded} files uploaded",
        ),
    )


def undo(context: StepContext) -> Outcome:
    """Visitors see the release of before again, unless another one has been promoted since."""
    release, previous = context.refs.get("release"), context.refs.get("previous")
    found = context.ports.documents.get(document_path("deployments", context.store_id))
    if found.data is None or release is None or found.data.get("live") != release or not previous:
        return Outcome(log=("Visitors see another release by now: it stays",))
    return Outcome(
        writes=(promotion(found, previous, actor=PLATFORM, reason="revert", at=context.now),),
        log=(f"Visitors see release {previous} again",),
    )


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What earlier turns did."""

    turns: int = 0
    done: Done = field(default_factory=Done)

    @classmethod
    def of(cls, context: StepContext) -> _Earlier:
        made = cast("Mapping[str, int]", context.refs.get("made") or {})
        return cls(made.get("turns", 0), Done(*(made.get(name, 0) for name in _DONE)))


_DONE = ("rendered", "uploaded", "bytes")


def _has_left(context: StepContext, seconds: float) -> bool:
    """Whether there is time for another part, which may take as long as the longest so far, and half as long again."""
    left_over = _LEFT_OVER * context.surroundings.client_timeout
    return context.deadline.remaining() > 1.5 * seconds + left_over


def _go_on(earlier: _Earlier, so_far: Unfinished) -> Outcome:
    turns, done = earlier.turns + 1, earlier.done + so_far.done
    if turns >= MOST_TURNS:
        raise Permanent(
            "TOO_LARGE",
            "The website is too large to be published",
            detail=f"Of its {so_far.pages:,} pages {so_far.seen:,} were made in {turns} turns, the most that a publication may take. "
            "What visitors see has not changed.",
            action="Retry: it goes on where it ended. If that does not help, take products away that are no longer sold.",
            retryable=True,
        )
    return Outcome(
        refs={"made": {"turns": turns} | {name: getattr(done, name) for name in _DONE}},
        log=(f"{so_far.seen:,} of {so_far.pages:,} pages are made",),
        unfinished=True,
    )


def _theme(context: StepContext, order: PublicationOrder) -> Theme | None:
    """The theme that was ordered, with the store's values; None is the store's own."""
    if order.theme is None:
        return None
    ports = context.ports
    return theme_of_store(ports.documents, ports.files, order.store_id, order.theme, draft=order.draft).theme


def _refused(error: Rejected, fields: tuple[FieldError, ...]) -> Permanent:
    return Permanent(
        error.code,
        "The website was not published",
        detail=f"{error}. What visitors see has not changed.",
        action="Correct what is named, then publish again.",
        retryable=True,
        fields=fields,
    )


def _reason(order: PublicationOrder) -> MakingReason:
    if order.channel != LIVE:
        return "preview"
    return "change" if order.actor == PLATFORM else "publish"


def _show(context: StepContext, order: PublicationOrder, made: MadeRelease) -> Update:
    if order.channel == LIVE:
        return promotion(made.deployment, made.id, actor=order.actor, reason="publish", at=context.now)
    return preview_write(
        made.deployment, order.channel, made.id, actor=order.actor, at=context.now, days=order.days
    )


def _audit(context: StepContext, order: PublicationOrder, made: MadeRelease) -> tuple[Write, ...]:
    if order.actor == PLATFORM:
        return ()
    return (
        audit_entry(
            at=context.now,
            actor=order.actor,
            action="release.published" if order.channel == LIVE else "release.previewed",
            subject=document_path("stores", order.store_id),
            detail={"release": made.id, "channel": order.channel},
        ),
    )
