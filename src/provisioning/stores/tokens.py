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

from itsdangerous import BadData, URLSafeTimedSerializer

PREVIEW_SECONDS = 7 * 24 * 3600
SESSION_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in owner."""

    uid: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes and checks tokens with one secret."""

    secret: str = field(repr=False)

    def welcome(self, effect_key: str) -> str:
        """The token of a welcome link, 43 URL-safe characters."""
        digest = hmac.new(self.secret.encode(), b"welcome:" + effect_key.encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def preview(self, store_id: str) -> str:
        """A token that shows a store before it is live, for 7 days."""
        return self._serializer("preview").dumps(store_id)

    def opens_preview(self, token: str, store_id: str) -> bool:
        return self._load("preview", token, PREVIEW_SECONDS) == store_id

    def session(self, uid: str) -> str:
        """The value of a session cookie, good for 12 hours."""
        return self._serializer("session").dumps(uid)

    def read_session(self, token: str) -> Session | None:
        uid = self._load("session", token, SESSION_SECONDS)
        return Session(uid) if isinstance(uid, str) else None

    def form(self, session: str) -> str:
        """The token that a form carries, so that only our own pages can post in a session's name."""
        return hmac.new(self.secret.encode(), b"form:" + session.encode(), hashlib.sha256).hexdigest()

    def matches_form(self, token: str, session: str) -> bool:
        return hmac.compare_digest(token.encode(), self.form(session).encode())

    def _serializer(self, salt: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self.secret, salt=salt, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
        )

    def _load(self, salt: str, token: str, max_age: int) -> object:
        try:
            return self._serializer(salt).loads(token, max_age=max_age)
        except BadData:
            return None


def fingerprint(token: str) -> str:
    """The SHA-256 under which a welcome token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
