"""
Give the owner an account and the right to the store.

An account that exists is reused and never changed. One made here has an id derived from the effect key, so that roll back knows its own
work after any crash.
"""

from __future__ import annotations

from provisioning.ports import Delete, Query, Update, Where, Write, document_path
from provisioning.steps.step import Outcome, StepContext
from provisioning.stores.members import member_path, owner_member, owner_member_write


def run(context: StepContext) -> Outcome:
    """Ensure the account; write the membership and name the owner in the store."""
    request = context.request
    uid = own_uid(context.effect_key)
    account = context.ports.accounts.ensure_owner(request.owner_email, request.store_name, uid)
    made = account.uid == uid
    member = owner_member(
        uid=account.uid, email=account.email, provisioning_id=context.provisioning_id, now=context.now
    )
    return Outcome(
        writes=(
            owner_member_write(context.store_id, member),
            Update(document_path("stores", context.store_id), {"owner_uid": account.uid}),
        ),
        refs={"owner_uid": account.uid},
        links={"dashboard": context.surroundings.addresses.dashboard(context.store_id)},
        effects=("account",) if made else (),
        log=(
            "The owner's account was made" if made else "The owner's existing account was given this store",
        ),
    )


def undo(context: StepContext) -> Outcome:
    """Take the right away; remove the account only if it was made here and has no other right."""
    uid = own_uid(context.effect_key)
    made = context.ports.accounts.find(uid)
    owner = str(context.refs.get("owner_uid") or uid)
    member, store = context.ports.documents.get_all(
        (member_path(context.store_id, owner), document_path("stores", context.store_id))
    )
    writes: list[Write] = []
    if member.data is not None and member.data.get("provisioning_id") == context.provisioning_id:
        writes.append(Delete(member.path, if_updated_at=member.update_time))
    if store.data is not None and store.data.get("provisioning_id") == context.provisioning_id:
        writes.append(Update(store.path, {"owner_uid": None}))
    if made is None:
        return Outcome(
            writes=tuple(writes), log=("The owner's account stays; its right to the store is gone",)
        )
    if made.role is not None or _owns_another(context, uid):
        return Outcome(writes=tuple(writes), log=("The owner's account stays: it has other rights",))
    # Whoever is frozen past the end of its lease must not wake up and remove what another store has found meanwhile.
    context.deadline.require(context.surroundings.client_timeout)
    context.ports.accounts.remove(uid)
    return Outcome(writes=tuple(writes), log=("The owner's account is removed",))


def own_uid(effect_key: str) -> str:
    """The id of an account made with this key."""
    return f"owner-{effect_key[:22]}"


def _owns_another(context: StepContext, uid: str) -> bool:
    """Whether the account has a store that another provisioning made, be it one of the same id."""
    owned = context.ports.documents.query(Query("stores", (Where("owner_uid", "==", uid),), limit=2))
    return any((store.data or {}).get("provisioning_id") != context.provisioning_id for store in owned)
