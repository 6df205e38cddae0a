"""Who may work on a store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from provisioning.errors import Conflict, NotAllowed
from provisioning.stores.members import (
    note_look,
    owner_member,
    owner_member_write,
    read_members,
    require_member,
)


def test_the_owner_is_a_member(shop):
    """What was written is what is read, whole."""
    member = require_member(shop.documents, "s1", "u1")

    assert member == owner_member(uid="u1", email=shop.email, provisioning_id="p1", now=shop.now)
    assert read_members(shop.documents, "s1") == (member,)


@pytest.mark.parametrize(
    ("store_id", "uid"), [("s1", "u2"), ("s2", "u1"), ("s1", "../s1"), ("s1/members", "u1"), ("", "")]
)
def test_nobody_else_is(shop, store_id, uid):
    """A stranger, another store, and ids that would reach elsewhere get the same answer."""
    with pytest.raises(NotAllowed):
        require_member(shop.documents, store_id, uid)


def test_a_membership_is_never_written_over(shop):
    """Another provisioning cannot take an owner's membership over, so its roll back cannot remove it."""
    other = owner_member(uid="u1", email=shop.email, provisioning_id="p2", now=shop.now)

    with pytest.raises(Conflict):
        shop.documents.commit([owner_member_write("s1", other)])


def test_only_the_first_look_counts(shop):
    """The moment is kept; looking again changes nothing."""
    note_look(shop.documents, "s1", require_member(shop.documents, "s1", "u1"), shop.now)
    note_look(shop.documents, "s1", require_member(shop.documents, "s1", "u1"), shop.now + timedelta(hours=1))

    assert require_member(shop.documents, "s1", "u1").looked_at == shop.now
