"""Who has which role: granted, taken and listed, with an entry in the audit log; and the log itself."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from provisioning.errors import Transient, WrongState
from provisioning.stores import administrators
from provisioning.stores.audit import audit_entry
from tests.api.world import EARLIER, Api, code_of, fields_of


def roles(api: Api) -> dict[str, str]:
    return {user["email"]: user["role"] for user in api.get("users").json["users"]}


def test_a_role_is_granted_changed_and_taken(api: Api) -> None:
    """An account is made where there is none; each deed is in the audit log, without the whole address."""
    assert api.put("users/sam@example.com", {"role": "support"}).json["role"] == "support"
    assert roles(api) == {"boss@example.com": "admin", "sam@example.com": "support"}
    assert api.put("users/sam@example.com", {"role": "admin"}).json["role"] == "admin"
    assert api.delete("users/sam@example.com/role").status_code == 204
    assert roles(api) == {"boss@example.com": "admin"}

    granted, taken = api.audit("role.granted"), api.audit("role.revoked")
    assert sorted(entry["detail"]["role"] for entry in granted) == ["admin", "support"]
    assert [entry["actor"] for entry in taken] == ["admin:boss"]
    assert "sam@example.com" not in str([*granted, *taken])


def test_what_is_so_already_is_no_deed(api: Api) -> None:
    api.put("users/sam@example.com", {"role": "support"})
    api.put("users/SAM@example.com", {"role": "support"})

    assert len(api.audit("role.granted")) == 1


def test_nobody_changes_their_own_role(api: Api) -> None:
    api.sign_in("other", "admin")

    assert code_of(api.put("users/boss@example.com", {"role": "support"})) == (409, "OWN_ROLE")
    assert code_of(api.delete("users/boss@example.com/role")) == (409, "OWN_ROLE")
    assert roles(api)["boss@example.com"] == "admin"


def test_the_last_administrator_stays(api: Api) -> None:
    """Also when another one is there who may not sign in."""
    accounts: Any = api.platform.ports.accounts
    accounts.ensure_owner("gone@example.com", "Gone", "gone")
    accounts.set_role("gone", "admin")
    accounts.set_disabled("gone", True)

    for deed in (
        lambda: administrators.revoke(accounts, api.documents, "boss@example.com", actor="command-line"),
        lambda: administrators.grant(
            accounts, api.documents, "boss@example.com", "support", actor="command-line"
        ),
    ):
        try:
            deed()
        except WrongState as error:
            assert error.code == "LAST_ADMIN"
        else:
            raise AssertionError("the last administrator is gone")
    assert accounts.find("boss").role == "admin"


def test_two_who_take_each_others_role_at_once(api: Api) -> None:
    """Whoever wins, an administrator is left."""
    accounts = api.platform.ports.accounts
    for round in range(10):
        emails = [f"a{round}@example.com", f"b{round}@example.com"]
        for email in emails:
            administrators.grant(accounts, api.documents, email, "admin", actor="t")
        for other in accounts.list_by_role("admin"):
            if other.email not in emails:
                accounts.set_role(other.uid, None)
        barrier = threading.Barrier(2)

        def take(email: str, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            try:
                administrators.revoke(accounts, api.documents, email, actor="t")
            except WrongState:
                return

        threads = [threading.Thread(target=take, args=(email,)) for email in emails]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert accounts.list_by_role("admin")


def test_a_role_is_noted_or_not_given(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the deed cannot be noted nothing is done, and who tries again does both."""
    accounts = api.platform.ports.accounts

    def unreachable(*_: object) -> None:
        raise Transient("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(administrators, "commit_deed", unreachable)
        with pytest.raises(Transient):
            administrators.grant(accounts, api.documents, "new@example.com", "admin", actor="admin:t")
    found = accounts.find_by_email("new@example.com")
    assert found is not None and found.role is None

    administrators.grant(accounts, api.documents, "new@example.com", "admin", actor="admin:t")
    assert [entry["subject"] for entry in api.audit("role.granted")] == [f"accounts/{found.uid}"]
    now = accounts.find_by_email("new@example.com")
    assert now is not None and now.role == "admin"


def test_wrong_wishes(api: Api) -> None:
    assert ("email", "NOT_AN_EMAIL") in fields_of(api.put("users/nobody", {"role": "admin"}))
    assert "role" in dict(fields_of(api.put("users/sam@example.com", {"role": "owner"})))
    assert code_of(api.delete("users/nobody@example.com/role")) == (404, "NOT_FOUND")


# --- The audit log ---


def test_the_log_by_subject_and_actor(api: Api) -> None:
    """The newest first, in pages, and each filter alone or both together."""
    for number in range(6):
        entry = audit_entry(
            at=EARLIER + timedelta(minutes=number),
            actor="admin:boss" if number % 2 else "owner:o1",
            action="store.went_live",
            subject=f"stores/s{number % 3}",
        )
        api.documents.commit([entry])

    def minutes(query: str) -> list[int]:
        return [int(entry["at"][14:16]) for entry in api.get(f"audit-log?{query}").json["entries"]]

    assert minutes("") == [5, 4, 3, 2, 1, 0]
    assert minutes("subject=stores/s0") == [3, 0]
    assert minutes("actor=owner:o1") == [4, 2, 0]
    assert minutes("actor=owner:o1&subject=stores/s0") == [0]
    first = api.get("audit-log?limit=4").json
    assert minutes(f"limit=4&cursor={first['next_cursor']}") == [1, 0]
