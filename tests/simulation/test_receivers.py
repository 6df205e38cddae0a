"""The simulator's receivers keep the promises of their ports: the same suites as every adapter's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from simulation.receivers import CountingAccounts, CountingFiles, CountingMailer

from tests.contracts.rigs import AccountsRig, MailerRig, ReceivedMail
from tests.contracts.test_accounts import (  # noqa: F401 - without those on ID tokens, which nobody simulates
    test_a_disabled_account_stays_disabled,
    test_a_removed_account_is_gone,
    test_a_role_is_given_and_taken,
    test_an_account_is_found_by_its_address_in_any_case,
    test_an_account_that_exists_is_reused,
    test_an_owner_gets_an_account,
    test_asking_again_changes_nothing,
    test_nobody_gets_no_role,
    test_nobody_is_found_where_nobody_is,
    test_those_with_a_role_are_listed_by_address,
)
from tests.contracts.test_files import *  # noqa: F403 - the suite itself
from tests.contracts.test_mailer import *  # noqa: F403 - the suite itself


@pytest.fixture
def files() -> CountingFiles:
    return CountingFiles()


@pytest.fixture
def mail() -> MailerRig:
    mailer = CountingMailer()
    return MailerRig(mailer, lambda: [ReceivedMail(m.to, m.subject, m.text, m.html) for m in mailer.accepted])


@pytest.fixture
def people() -> AccountsRig:
    accounts = CountingAccounts()

    def disable(uid: str) -> None:
        accounts.accounts[uid] = replace(accounts.accounts[uid], disabled=True)

    def sign_in(uid: str, seconds: float = 3600) -> str:
        raise NotImplementedError("nobody signs in here")

    return AccountsRig(accounts, sign_in, disable)
