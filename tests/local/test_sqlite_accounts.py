"""What is special to accounts in SQLite."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from provisioning.errors import NotAllowed, NotFound, Permanent
from provisioning.local.accounts import SqliteAccounts

EMAIL = "owner@example.com"


@pytest.fixture
def accounts(tmp_path: Path) -> Generator[SqliteAccounts]:
    with closing(SqliteAccounts(tmp_path / "accounts.db", "a secret for tests")) as accounts:
        accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")
        yield accounts


def test_accounts_and_tokens_outlive_their_process(tmp_path: Path) -> None:
    """With the same secret."""
    with closing(SqliteAccounts(tmp_path / "accounts.db", "a secret for tests")) as accounts:
        accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")
        token = accounts.issue_token("uid-1")

    with closing(SqliteAccounts(tmp_path / "accounts.db", "a secret for tests")) as reopened:
        assert reopened.verify(token).uid == "uid-1"


def test_a_token_of_another_secret_is_refused(accounts: SqliteAccounts, tmp_path: Path) -> None:
    """As one of another project's would be."""
    with closing(SqliteAccounts(tmp_path / "accounts.db", "another secret for tests")) as other:
        token = other.issue_token("uid-1")

    with pytest.raises(NotAllowed):
        accounts.verify(token)


def test_a_revoked_token_is_refused_and_a_newer_one_is_not(accounts: SqliteAccounts) -> None:
    """However soon after the revocation it was issued."""
    old = accounts.issue_token("uid-1")
    accounts.revoke_tokens("uid-1")
    new = accounts.issue_token("uid-1")

    assert accounts.verify(new).uid == "uid-1"
    with pytest.raises(NotAllowed) as refusal:
        accounts.verify(old)
    assert refusal.value.code == "REVOKED_TOKEN"


def test_giving_a_role_again_revokes_nothing(accounts: SqliteAccounts) -> None:
    """Only a change does."""
    accounts.set_role("uid-1", "admin")
    token = accounts.issue_token("uid-1")
    accounts.set_role("uid-1", "admin")

    assert accounts.verify(token).role == "admin"


def test_a_disabled_account_is_refused_whenever_its_token_was_issued(accounts: SqliteAccounts) -> None:
    """Here, after it was disabled."""
    accounts.set_disabled("uid-1", True)

    with pytest.raises(NotAllowed) as refusal:
        accounts.verify(accounts.issue_token("uid-1"))
    assert refusal.value.code == "NO_ACCOUNT"


def test_an_account_may_be_enabled_again(accounts: SqliteAccounts) -> None:
    """Older tokens stay revoked."""
    old = accounts.issue_token("uid-1")
    accounts.set_disabled("uid-1", True)
    accounts.set_disabled("uid-1", False)

    assert accounts.verify(accounts.issue_token("uid-1")).uid == "uid-1"
    with pytest.raises(NotAllowed):
        accounts.verify(old)


def test_a_uid_that_belongs_to_another_address_is_refused_for_good(accounts: SqliteAccounts) -> None:
    """It must not be handed to somebody else."""
    with pytest.raises(Permanent):
        accounts.ensure_owner("other@example.com", "Oscar Other", "uid-1")

    assert accounts.find_by_email("other@example.com") is None


def test_nobody_gets_no_token(accounts: SqliteAccounts) -> None:
    """Nor is anything changed for nobody."""
    with pytest.raises(NotFound):
        accounts.issue_token("uid-none")
    with pytest.raises(NotFound):
        accounts.revoke_tokens("uid-none")
    with pytest.raises(NotFound):
        accounts.set_disabled("uid-none", True)
