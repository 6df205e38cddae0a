"""What every `Accounts` promises."""

from __future__ import annotations

import pytest

from provisioning.errors import NotAllowed, NotFound
from provisioning.ports import Accounts, Claims
from tests.contracts.races import race
from tests.contracts.rigs import AccountsRig

EMAIL = "owner@example.com"


def role_in(accounts: Accounts, token: str) -> str | None:
    """The role that this token still gives; None when it is refused."""
    try:
        return accounts.verify(token).role
    except NotAllowed:
        return None


def test_an_owner_gets_an_account(people: AccountsRig) -> None:
    """With the uid that was asked for, and no role."""
    account = people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")

    assert (account.uid, account.email, account.role, account.disabled) == ("uid-1", EMAIL, None, False)
    assert people.accounts.find("uid-1") == account
    assert people.accounts.find_by_email(EMAIL) == account


def test_asking_again_changes_nothing(people: AccountsRig) -> None:
    """The maker finds its own uid, in this call as in the first."""
    first = people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")

    assert people.accounts.ensure_owner(EMAIL, "Another Name", "uid-1") == first


@pytest.mark.parametrize("email", [EMAIL, "Owner@Example.COM"])
def test_an_account_that_exists_is_reused(people: AccountsRig, email: str) -> None:
    """Another uid tells the caller that it was not made here; the case of the address does not matter."""
    first = people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")

    assert people.accounts.ensure_owner(email, "Olga Owner", "uid-2") == first
    assert people.accounts.find("uid-2") is None


def test_a_disabled_account_stays_disabled(people: AccountsRig) -> None:
    """Somebody had a reason."""
    people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")
    people.disable("uid-1")

    assert people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-2").disabled
    found = people.accounts.find("uid-1")
    assert found is not None
    assert found.disabled


def test_asking_for_one_address_at_once_makes_one_account(people: AccountsRig) -> None:
    """Each with a uid of its own: all get the winner's."""
    accounts = race(lambda n: people.accounts.ensure_owner(EMAIL, "Olga Owner", f"uid-{n}"))

    made = {account.uid for account in accounts}
    assert len(made) == 1
    assert [n for n in range(8) if people.accounts.find(f"uid-{n}")] == [int(made.pop().removeprefix("uid-"))]


def test_asking_for_one_uid_at_once_makes_one_account(people: AccountsRig) -> None:
    """Two deliveries of one message."""
    accounts = race(lambda _: people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1"))

    assert {account.uid for account in accounts} == {"uid-1"}


def test_nobody_is_found_where_nobody_is(people: AccountsRig) -> None:
    """By uid or address."""
    assert people.accounts.find("uid-1") is None
    assert people.accounts.find_by_email(EMAIL) is None


def test_an_account_is_found_by_its_address_in_any_case(people: AccountsRig) -> None:
    """As people type it."""
    people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")

    found = people.accounts.find_by_email("OWNER@example.COM")
    assert found is not None
    assert found.uid == "uid-1"


def test_a_removed_account_is_gone(people: AccountsRig) -> None:
    """Removing it again is a no-op, and the address is free."""
    people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")

    people.accounts.remove("uid-1")
    people.accounts.remove("uid-1")

    assert people.accounts.find("uid-1") is None
    assert people.accounts.find_by_email(EMAIL) is None
    assert people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-2").uid == "uid-2"


def test_a_role_is_given_and_taken(people: AccountsRig) -> None:
    """Twice is as good as once."""
    people.accounts.ensure_owner(EMAIL, "Ada Admin", "uid-1")

    seen: list[str | None] = []
    for role in ("admin", "admin", None, None):
        people.accounts.set_role("uid-1", role)
        account = people.accounts.find("uid-1")
        assert account is not None
        seen.append(account.role)

    assert seen == ["admin", "admin", None, None]


@pytest.mark.parametrize("role", ["admin", None])
def test_nobody_gets_no_role(people: AccountsRig, role: str | None) -> None:
    """An unknown uid is an error that the caller must see."""
    with pytest.raises(NotFound):
        people.accounts.set_role("uid-none", role)


def test_those_with_a_role_are_listed_by_address(people: AccountsRig) -> None:
    """Nobody else."""
    for uid, email in (("1", "zoe@example.com"), ("2", "adam@example.com"), ("3", "olga@example.com")):
        people.accounts.ensure_owner(email, "Somebody", uid)
    assert people.accounts.list_by_role("admin") == []

    people.accounts.set_role("1", "admin")
    people.accounts.set_role("2", "admin")
    people.accounts.set_role("3", "support")

    listed = people.accounts.list_by_role("admin")
    assert [account.email for account in listed] == ["adam@example.com", "zoe@example.com"]
    assert {account.role for account in listed} == {"admin"}


# --- ID tokens -------------------------------------------------------------------------------------------


def test_a_token_says_who_it_is(people: AccountsRig) -> None:
    """Uid, address and role."""
    people.accounts.ensure_owner(EMAIL, "Ada Admin", "uid-1")
    people.accounts.set_role("uid-1", "admin")

    assert people.accounts.verify(people.sign_in("uid-1")) == Claims("uid-1", EMAIL, "admin")


def test_a_token_without_a_role_gives_none(people: AccountsRig) -> None:
    """An owner is no admin."""
    people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")

    assert people.accounts.verify(people.sign_in("uid-1")) == Claims("uid-1", EMAIL, None)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "\x00", "e30.e30.", "x" * 10_000])
def test_what_is_no_token_is_refused(people: AccountsRig, token: str) -> None:
    """As `NotAllowed`, whatever it is."""
    with pytest.raises(NotAllowed):
        people.accounts.verify(token)


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5])
def test_a_changed_token_is_refused(people: AccountsRig, place: float) -> None:
    """One character is enough."""
    people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")
    token = people.sign_in("uid-1")
    at = int(len(token) * place)
    changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]

    with pytest.raises(NotAllowed):
        people.accounts.verify(changed)


def test_an_expired_token_is_refused(people: AccountsRig) -> None:
    """Its time is over, however right it was."""
    people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")

    with pytest.raises(NotAllowed):
        people.accounts.verify(people.sign_in("uid-1", seconds=-60))


def test_a_token_of_a_disabled_account_is_refused(people: AccountsRig) -> None:
    """Though it was issued before."""
    people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")
    token = people.sign_in("uid-1")
    people.disable("uid-1")

    with pytest.raises(NotAllowed):
        people.accounts.verify(token)


def test_a_token_of_a_removed_account_is_refused(people: AccountsRig) -> None:
    """Though it was issued before."""
    people.accounts.ensure_owner(EMAIL, "Olga Owner", "uid-1")
    token = people.sign_in("uid-1")
    people.accounts.remove("uid-1")

    with pytest.raises(NotAllowed):
        people.accounts.verify(token)


def test_a_role_that_was_taken_is_gone_from_older_tokens(people: AccountsRig) -> None:
    """An admin who was dismissed is one no longer, at once."""
    people.accounts.ensure_owner(EMAIL, "Ada Admin", "uid-1")
    people.accounts.set_role("uid-1", "admin")
    token = people.sign_in("uid-1")
    assert role_in(people.accounts, token) == "admin"

    people.accounts.set_role("uid-1", None)

    assert role_in(people.accounts, token) is None
