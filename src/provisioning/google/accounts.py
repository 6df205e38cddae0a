"""`Accounts` on Firebase Auth."""
# The client library is not typed.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportPrivateUsage=false

from __future__ import annotations

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from provisioning.errors import FieldError, InvalidInput, NotAllowed, NotFound, Permanent, Transient
from provisioning.google.errors import refused, translated
from provisioning.ports import Account, Claims

if TYPE_CHECKING:
    import firebase_admin

_RECEIVER = "Firebase Auth"
_ROLE = "role"
_REFUSED = frozenset({"PERMISSION_DENIED", "UNAUTHENTICATED"})
_TRANSIENT = frozenset(
    {"ABORTED", "CANCELLED", "DEADLINE_EXCEEDED", "INTERNAL", "RESOURCE_EXHAUSTED", "UNAVAILABLE", "UNKNOWN"}
)


class FirebaseAccounts:
    """
    Accounts of one Firebase project. `timeout` is in seconds and bounds each call.

    `credential` is one of `firebase_admin.credentials`; by default the function's own service account.
    """

    def __init__(self, project: str, timeout: float = 3.0, credential: object | None = None) -> None:
        self._project = project
        self._timeout = timeout
        self._credential = credential

    @cached_property
    def _app(self) -> firebase_admin.App:
        import firebase_admin
        from firebase_admin import auth
        from requests.adapters import HTTPAdapter

        options = {"projectId": self._project, "httpTimeout": self._timeout}
        # The library keeps one app per name for the whole process.
        app = firebase_admin.initialize_app(
            cast("Any", self._credential), options, name=f"provisioning-{uuid.uuid4().hex}"
        )
        # The library repeats a 500 or 503 up to four times and waits seconds in between, and offers no setting for it.
        session = auth._get_client(app)._user_manager.http_client.session
        session.mount("https://", HTTPAdapter(max_retries=0))
        session.mount("http://", HTTPAdapter(max_retries=0))
        return app

    def ensure_owner(self, email: str, name: str, uid: str) -> Account:
        from firebase_admin import auth

        found = self.find_by_email(email)
        if found:
            return found
        with _translated():
            try:
                made = auth.create_user(uid=uid, email=email.lower(), display_name=name, app=self._app)
                return _account(made)
            except (auth.EmailAlreadyExistsError, auth.UidAlreadyExistsError, auth.UserNotFoundError):
                # The last one: it was made, and the library's own read of it came too early.
                pass
        # Another call was quicker, perhaps with another uid.
        found = self.find_by_email(email)
        if found:
            return found
        if self.find(uid):
            raise Permanent(
                "ACCOUNT_CHANGED",
                "The owner's account has another e-mail address by now",
                action="Roll back, and request the activation again with the account's present address.",
            )
        raise Transient("the account was made by another call and cannot be read yet", code="UNAVAILABLE")

    def find(self, uid: str) -> Account | None:
        from firebase_admin import auth

        with _translated():
            try:
                return _account(auth.get_user(uid, app=self._app))
            except auth.UserNotFoundError:
                return None

    def find_by_email(self, email: str) -> Account | None:
        from firebase_admin import auth

        with _translated():
            try:
                return _account(auth.get_user_by_email(email.lower(), app=self._app))
            except auth.UserNotFoundError:
                return None

    def remove(self, uid: str) -> None:
        from firebase_admin import auth

        with _translated():
            try:
                auth.delete_user(uid, app=self._app)
            except auth.UserNotFoundError:
                return

    def set_role(self, uid: str, role: str | None) -> None:
        """As the port says. Other claims of the account stay."""
        from firebase_admin import auth

        with _translated():
            try:
                old = cast("dict[str, Any]", auth.get_user(uid, app=self._app).custom_claims or {})
                others = {name: value for name, value in old.items() if name != _ROLE}
                new = others | ({_ROLE: role} if role else {})
                auth.set_custom_user_claims(uid, new or None, app=self._app)
            except auth.UserNotFoundError:
                raise NotFound("there is no such account") from None

    def list_by_role(self, role: str) -> list[Account]:
        from firebase_admin import auth

        with _translated():
            everybody = (_account(user) for user in auth.list_users(app=self._app).iterate_all())
            return sorted((one for one in everybody if one.role == role), key=lambda one: one.email)

    def verify(self, token: str) -> Claims:
        """
        As the port says. The role is the account's present one: a token lives an hour, and keeps an old claim as long.
        """
        account = self.find(self._verified_uid(token))
        if account is None or account.disabled:
            raise _not_valid()
        return Claims(account.uid, account.email or None, account.role)

    def _verified_uid(self, token: str) -> str:
        from firebase_admin import auth

        with _translated():
            try:
                claims = auth.verify_id_token(token, app=self._app, check_revoked=True)
            except auth.CertificateFetchError:
                raise Transient("Google's signing keys cannot be fetched", code="UNAVAILABLE") from None
            except (auth.InvalidIdTokenError, auth.UserDisabledError, auth.UserNotFoundError):
                raise _not_valid() from None
            except (ValueError, TypeError, AttributeError):
                # The library trusts that a token's parts are JSON objects before it looks at the signature.
                raise _not_valid() from None
        # The project's keys sign for its Identity Platform tenants too, whose people are none of ours.
        if "tenant" in (claims.get("firebase") or {}):
            raise _not_valid()
        return str(claims["uid"])


@contextmanager
def _translated() -> Generator[None, None, None]:
    from firebase_admin.exceptions import FirebaseError

    with translated(_RECEIVER):
        try:
            yield
        except FirebaseError as error:
            raise _error(error) from None
        except ValueError:
            # The library checks addresses, names and uids before it sends them.
            message = "must be an e-mail address, a name and an id that Firebase Auth accepts"
            raise InvalidInput((FieldError("account", "REFUSED", message),)) from None


def _error(error: Any) -> Exception:
    code = str(error.code)
    if code in _REFUSED:
        return refused(_RECEIVER)
    if code in _TRANSIENT:
        return Transient(f"{_RECEIVER} did not answer as hoped ({code})", code=_kind(code))
    # A quota of the day comes as a bad request; the library knows it only by the text that it puts around Google's code.
    if "(QUOTA_EXCEEDED)" in str(error):
        return Permanent(
            "ACCOUNT_QUOTA",
            f"{_RECEIVER}'s quota for new accounts is used up",
            detail="No account was made.",
            action="Have the project's quota raised, or wait until it is counted anew; then retry.",
            retryable=True,
        )
    return Permanent(
        "ACCOUNT_REFUSED",
        f"{_RECEIVER} refused the request",
        detail=f"It answered {code}.",
        action="Check that e-mail sign-in is enabled for the project, then retry.",
        retryable=True,
    )


def _kind(code: str) -> str:
    return {"DEADLINE_EXCEEDED": "TIMEOUT", "RESOURCE_EXHAUSTED": "BUSY"}.get(code, "UNAVAILABLE")


def _account(user: Any) -> Account:
    role = (user.custom_claims or {}).get(_ROLE)
    return Account(user.uid, user.email or "", role if isinstance(role, str) else None, bool(user.disabled))


def _not_valid() -> NotAllowed:
    return NotAllowed("the sign-in is not valid any more; sign in again", code="NOT_SIGNED_IN")
