"""Preview tokens: which channel of which store they open, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from itsdangerous import URLSafeTimedSerializer

from provisioning.errors import Misconfigured
from provisioning.stores.tokens import MAX_PREVIEW_SECONDS, PREVIEW_SECONDS, Tokens

DAY = 24 * 3600


@pytest.fixture
def tokens() -> Tokens:
    return Tokens("a secret of the tests")


def aged(tokens: Tokens, seconds: float, *given: object) -> str:
    """A token that was made so many seconds ago."""
    made_at = (datetime.now(UTC) - timedelta(seconds=seconds)).timestamp()
    with patch("itsdangerous.timed.time.time", return_value=made_at):
        return tokens.preview(*given)  # type: ignore[arg-type]


def test_a_token_names_store_and_channel(tokens: Tokens) -> None:
    live, autumn = (
        tokens.read_preview(tokens.preview("s1")),
        tokens.read_preview(tokens.preview("s1", "preview-autumn")),
    )

    assert live is not None and autumn is not None
    assert (live.store_id, live.channel) == ("s1", "live")
    assert (autumn.store_id, autumn.channel) == ("s1", "preview-autumn")


def test_only_a_token_of_the_live_channel_opens_the_store(tokens: Tokens) -> None:
    """A link to one preview is no key to what the store shows before it opens."""
    assert tokens.opens_preview(tokens.preview("s1"), "s1")
    assert not tokens.opens_preview(tokens.preview("s1"), "s2")
    assert not tokens.opens_preview(tokens.preview("s1", "preview-autumn"), "s1")


@pytest.mark.parametrize(
    ("seconds", "age", "good"),
    [
        (PREVIEW_SECONDS, 6.9 * DAY, True),
        (PREVIEW_SECONDS, 7.1 * DAY, False),
        (60, 50, True),
        (60, 70, False),
        (29 * DAY, 28 * DAY, True),
        (365 * DAY, 29.9 * DAY, True),
        (365 * DAY, 30.1 * DAY, False),
    ],
)
def test_a_token_is_good_as_long_as_it_says_and_30_days_at_most(
    tokens: Tokens, seconds: int, age: float, good: bool
) -> None:
    found = tokens.read_preview(aged(tokens, age, "s1", "live", seconds))

    assert (found is not None) == good
    assert found is None or abs(found.seconds_left - (min(seconds, MAX_PREVIEW_SECONDS) - age)) < 5


def test_tokens_of_the_first_version_stay_good(tokens: Tokens) -> None:
    """They named the store alone, and links with them lie in mails."""
    old = tokens._serializer("preview").dumps("s1")  # pyright: ignore[reportPrivateUsage]

    assert tokens.opens_preview(old, "s1")
    found = tokens.read_preview(old)
    assert found is not None
    assert (found.store_id, found.channel) == ("s1", "live")
    assert PREVIEW_SECONDS - 5 < found.seconds_left <= PREVIEW_SECONDS


@pytest.mark.parametrize(
    "payload", [None, 7, [], ["s1"], ["s1", "live", "x"], {"store": "s1"}, ["s1", 1, 60]]
)
def test_a_token_of_another_shape_opens_nothing(tokens: Tokens, payload: object) -> None:
    serializer: URLSafeTimedSerializer = tokens._serializer("preview")  # pyright: ignore[reportPrivateUsage]

    assert tokens.read_preview(serializer.dumps(payload)) is None


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 5_000])
def test_what_is_no_token_opens_nothing(tokens: Tokens, token: str) -> None:
    assert tokens.read_preview(token) is None


@pytest.mark.parametrize(
    "use",
    [
        lambda tokens: tokens.welcome("key"),
        lambda tokens: tokens.preview("s1"),
        lambda tokens: tokens.session("u1"),
        lambda tokens: tokens.form("session"),
        lambda tokens: tokens.read_preview(Tokens("a secret of the tests").preview("s1")),
        lambda tokens: tokens.read_session(Tokens("a secret of the tests").session("u1")),
        lambda tokens: tokens.matches_form("form", "session"),
    ],
)
def test_without_a_secret_nothing_is_signed_or_checked(use: Callable[[Tokens], object]) -> None:
    """A process that was given none says so, rather than to sign with something that everybody knows."""
    with pytest.raises(Misconfigured, match="SESSION_SECRET"):
        use(Tokens(None))
