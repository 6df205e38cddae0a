"""What Google's clients raise, translated once for all adapters."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from google.api_core import exceptions as google
from google.api_core.retry import Retry, if_exception_type
from google.auth.exceptions import GoogleAuthError, TransportError

from provisioning.errors import Permanent, Transient

#: These may go away by themselves. `Cancelled` is what a call sees whose channel is closed under it.
TRANSIENT = (
    google.ServerError,
    google.TooManyRequests,
    google.Aborted,
    google.Cancelled,
    google.RetryError,
    ConnectionError,
    TimeoutError,
)
_REFUSED = (google.Unauthorized, google.Forbidden)


@contextmanager
def translated(receiver: str) -> Generator[None, None, None]:
    """
    Raise our errors for Google's. `receiver` is the product's name as people know it, "Firestore".

    A refusal for want of rights is `Permanent` and retryable: no waiting helps, but a retry does once somebody has granted the
    role. What cannot be told apart from a mistake in our request is left as it is.
    """
    try:
        yield
    except _REFUSED:
        raise refused(receiver) from None
    except TRANSIENT as error:
        raise transient(receiver, error) from None
    except google.GoogleAPICallError as error:
        # Cloud Storage's time-out for slow uploads, for which the library has no class.
        if error.code != 408:
            raise
        raise transient(receiver, error) from None
    except TransportError:
        raise Transient(f"{receiver} could not be reached", code="UNAVAILABLE") from None
    except GoogleAuthError:
        raise refused(receiver) from None


def transient(receiver: str, error: BaseException) -> Transient:
    """The message holds the kind of the error only: the text that came with it may quote what was sent."""
    if isinstance(error, google.RetryError) and error.cause:
        error = error.cause
    status = _status(error)
    kind = f"HTTP {status}" if status else type(error).__name__
    return Transient(f"{receiver} did not answer as hoped ({kind})", code=_code(error))


def refused(receiver: str) -> Permanent:
    return Permanent(
        f"{receiver.upper().replace(' ', '_').replace('/', '')}_REFUSED",
        f"{receiver} refused the request",
        detail="The service account of this function lacks a role, or its credentials are not valid.",
        action=f"Grant the service account its role on {receiver}, then retry.",
        retryable=True,
    )


def bounded_retry(seconds: float, on_error: Callable[[Exception], object] | None = None) -> Retry:
    """Repeats what `UNAVAILABLE` ended, for at most `seconds` in all; tells `on_error` each time."""
    unavailable = if_exception_type(google.ServiceUnavailable)
    return Retry(
        predicate=unavailable, initial=0.05, maximum=0.5, multiplier=2.0, timeout=seconds, on_error=on_error
    )


def _status(error: BaseException) -> int | None:
    """The HTTP status that Cloud Storage's own error for a repeated request hides."""
    return getattr(getattr(error, "response", None), "status_code", None)


def _code(error: BaseException) -> str:
    if _status(error) == 429:
        return "BUSY"
    if isinstance(error, google.DeadlineExceeded | google.GatewayTimeout | TimeoutError):
        return "TIMEOUT"
    if isinstance(error, google.TooManyRequests):
        return "BUSY"
    if isinstance(error, google.Aborted):
        return "ABORTED"
    return "UNAVAILABLE"
