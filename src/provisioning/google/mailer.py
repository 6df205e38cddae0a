"""
`Mailer` on SendGrid.

The address, the text and the key never stand in a message or in the log; SendGrid's own library writes all three when the
log level is DEBUG, so its logger is kept quiet.
"""
# The client library is not typed.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, cast
from urllib.error import URLError

from python_http_client.exceptions import HTTPError

from provisioning.errors import Misconfigured, Permanent, Transient
from provisioning.ports import Mail, Sent, Unconfirmed

_KEY = "effect_key"
_CATEGORY = "provisioning"
_MAX_WAIT = 3600.0

logging.getLogger("python_http_client").setLevel(logging.WARNING)


class SendGridMailer:
    """
    Mail through SendGrid's v3 API at `url`. `timeout` is in seconds, for the connection and for each answer.

    Only a function that sends needs the key: without one, sending raises `Misconfigured`.
    """

    def __init__(
        self,
        api_key: str | None,
        sender: str,
        sender_name: str,
        url: str = "https://api.sendgrid.com",
        timeout: float = 3.0,
    ) -> None:
        self._api_key = api_key
        self._sender = (sender, sender_name)
        self._url = url.rstrip("/")
        self._timeout = timeout

    def send(self, mail: Mail) -> None:
        body = self._compose(mail)
        try:
            answer = self._client().mail.send.post(request_body=body)
        except HTTPError as error:
            raise _refusal(error) from None
        except URLError:
            # Raised until the last byte is handed over: SendGrid cannot have a whole message.
            raise Transient("SendGrid could not be reached", code="UNAVAILABLE") from None
        except (OSError, HTTPException):
            raise Unconfirmed("SendGrid took the message and did not answer") from None
        if answer.status_code != 202:
            raise Unconfirmed(f"SendGrid answered {answer.status_code}, which says nothing of the message")

    def find(self, key: str) -> Sent:
        """
        SENT where the Email Activity API shows a message with the key; else UNKNOWN, never NOT_SENT.

        That API is an extra of the account, answers few requests a minute, and lists a message some time after it was
        accepted: so an empty answer proves nothing.
        """
        try:
            return Sent.SENT if self._is_listed(key) else Sent.UNKNOWN
        except (HTTPError, URLError, OSError, HTTPException, ValueError):
            return Sent.UNKNOWN

    def _is_listed(self, key: str) -> bool:
        query = {"query": f"(unique_args['{_KEY}']=\"{key}\")", "limit": 10}
        answer = _parsed(self._client().messages.get(query_params=query).body)
        messages = cast("list[Any]", answer.get("messages") or [])
        names = [
            message["msg_id"] for message in messages if isinstance(message, dict) and "msg_id" in message
        ]
        return any(self._has_key(str(name), key) for name in names)

    def _has_key(self, message_id: str, key: str) -> bool:
        """Ask the message itself: a filter that SendGrid did not understand would list anybody's."""
        detail = _parsed(self._client().messages._(message_id).get().body)
        arguments = detail.get("unique_args")
        if isinstance(arguments, str):
            arguments = _parsed(arguments.encode()) if arguments else {}
        return isinstance(arguments, dict) and cast("dict[str, Any]", arguments).get(_KEY) == key

    def _client(self) -> Any:
        from sendgrid import SendGridAPIClient

        if not self._api_key:
            raise Misconfigured("SENDGRID_API_KEY is not set: give the function the secret of that name")
        client: Any = cast("Any", SendGridAPIClient(self._api_key, host=self._url).client)
        client.timeout = self._timeout
        return client

    def _compose(self, mail: Mail) -> dict[str, Any]:
        from sendgrid.helpers import mail as sendgrid

        recipient = sendgrid.To()
        # Set, not given to the constructor: that would read a name and another address out of it.
        recipient.email = mail.to
        message = sendgrid.Mail(
            from_email=sendgrid.From(*self._sender),
            to_emails=recipient,
            subject=mail.subject,
            plain_text_content=mail.text,
            html_content=mail.html,
        )
        message.add_custom_arg(sendgrid.CustomArg(_KEY, mail.key))
        message.add_category(sendgrid.Category(_CATEGORY))
        tracking = sendgrid.TrackingSettings()
        # A rewritten link would show the welcome token to a third host.
        tracking.click_tracking = sendgrid.ClickTracking(enable=False, enable_text=False)
        tracking.open_tracking = sendgrid.OpenTracking(enable=False)
        message.tracking_settings = tracking
        return cast("dict[str, Any]", message.get())


def _refusal(error: HTTPError) -> Exception:
    status = error.status_code
    if status == 504:
        return Unconfirmed("SendGrid's gateway gave up waiting for its own answer")
    if status == 429 or status >= 500:
        code = "BUSY" if status == 429 else "UNAVAILABLE"
        wait = retry_after(cast("Mapping[str, str]", error.headers or {}), time.time())
        return Transient(f"SendGrid answered {status}", code=code, retry_after=wait)
    if status in (401, 403):
        return Permanent(
            "MAIL_KEY_REFUSED",
            "SendGrid refused our key or sender",
            detail=f"SendGrid answered {status}. No mail was sent.",
            action="Check that the SendGrid key is valid and may send, and that the sender is verified; then retry.",
            retryable=True,
        )
    if any("to" in field.split(".") for field in _wrong_fields(error)):
        return Permanent(
            "BAD_ADDRESS",
            "SendGrid refused the owner's e-mail address",
            detail="No mail was sent.",
            action="Roll back, and request the activation again with an address that can receive mail.",
        )
    return Permanent(
        "MAIL_REFUSED",
        "SendGrid refused the message",
        detail=f"SendGrid answered {status}. No mail was sent.",
        action="Check the sender's name and address in the settings, then retry.",
        retryable=True,
    )


def _wrong_fields(error: HTTPError) -> list[str]:
    """The fields that SendGrid complains of, as `personalizations.0.to.0.email`."""
    try:
        errors = cast("list[Any]", _parsed(error.body or b"{}").get("errors") or [])
    except ValueError:
        return []
    return [str(item.get("field") or "") for item in errors if isinstance(item, dict)]


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait, by `Retry-After` (seconds or a date) or SendGrid's `X-RateLimit-Reset` (a Unix time); at most an hour."""
    asked = (headers.get("Retry-After") or "").strip()
    reset = (headers.get("X-RateLimit-Reset") or "").strip()
    try:
        if asked.isdigit():
            wait = float(asked)
        elif asked:
            wait = parsedate_to_datetime(asked).timestamp() - now
        elif reset:
            wait = float(reset) - now
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return min(max(wait, 0.0), _MAX_WAIT) if math.isfinite(wait) else None


def _parsed(body: bytes) -> dict[str, Any]:
    """A JSON object, or an empty one for anything else; raises `ValueError` for what is no JSON."""
    value = json.loads(body)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
