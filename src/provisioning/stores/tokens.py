"""
Signed values that we hand out and later recognise: welcome links, previews, sessions.

A welcome token is derived from an effect key, so that a step that runs twice sends the same link twice and not a dead one.
Only its SHA-256 is ever stored. Previews and sessions are signed and dated by itsdangerous.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime

from itsdangerous import BadData, URLSafeTimedSerializer

from provisioning.errors import Misconfigured
from provisioning.stores.stores import LIVE

PREVIEW_SECONDS = 7 * 24 * 3600
MAX_PREVIEW_SECONDS = 30 * 24 * 3600
SESSION_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in owner."""

    uid: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a preview token opens: one channel of one store."""

    store_id: str
    #: `live`, or the name of a preview channel.
    channel: str
    #: How long it is still good; what a cookie that holds it may live.
    seconds_left: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """
    Makes and checks tokens with one secret.

    Without one it does neither: all calls raise `Misconfigured`.
    """

    secret: str | None = field(repr=False)

    def welcome(self, effect_key: str) -> str:
        """The token of a welcome link, 43 URL-safe characters."""
        digest = hmac.new(self._key, b"welcome:" + effect_key.encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def preview(self, store_id: str, channel: str = LIVE, seconds: int = PREVIEW_SECONDS) -> str:
        """A token that shows a store before it is live, or another release than the live one; good for `seconds`, at most 30 days."""
        return self._serializer("preview").dumps([store_id, channel, min(seconds, MAX_PREVIEW_SECONDS)])

    def read_preview(self, token: str) -> Preview | None:
        """What the token opens; None where it is forged or over."""
        try:
            value, signed_at = self._serializer("preview").loads(
                token, max_age=MAX_PREVIEW_SECONDS, return_timestamp=True
            )
        except BadData:
            return None
        match value:
            # Tokens of the first version name the store alone.
            case str(store_id):
                channel, seconds = LIVE, PREVIEW_SECONDS
            case [str(store_id), str(channel), int(seconds)]:
                pass
            case _:
                return None
        left = int(seconds - (datetime.now(UTC) - signed_at).total_seconds())
        return Preview(store_id, channel, left) if left > 0 else None

    def opens_preview(self, token: str, store_id: str) -> bool:
        """Whether the token shows this store's live release before the store is open."""
        preview = self.read_preview(token)
        return preview is not None and (preview.store_id, preview.channel) == (store_id, LIVE)

    def session(self, uid: str) -> str:
        """The value of a session cookie, good for 12 hours."""
        return self._serializer("session").dumps(uid)

    def read_session(self, token: str) -> Session | None:
        uid = self._load("session", token, SESSION_SECONDS)
        return Session(uid) if isinstance(uid, str) else None

    def form(self, session: str) -> str:
        """The token that a form carries, so that only our own pages can post in a session's name."""
        return hmac.new(self._key, b"form:" + session.encode(), hashlib.sha256).hexdigest()

    def matches_form(self, token: str, session: str) -> bool:
        return hmac.compare_digest(token.encode(), self.form(session).encode())

    @property
    def _key(self) -> bytes:
        if self.secret is None:
            raise Misconfigured(
                "SESSION_SECRET is not given to this process: nothing can be signed or checked here"
            )
        return self.secret.encode()

    def _serializer(self, salt: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._key, salt=salt, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
        )

    def _load(self, salt: str, token: str, max_age: int) -> object:
        try:
            return self._serializer(salt).loads(token, max_age=max_age)
        except BadData:
            return None


def fingerprint(token: str) -> str:
    """The SHA-256 under which a welcome token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
