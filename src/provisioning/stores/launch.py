"""Going live: the owner opens a store to the public."""

from __future__ import annotations

from datetime import datetime

from provisioning.errors import Conflict, NotFound, Transient, WrongState
from provisioning.ports import Documents, Update, document_path
from provisioning.stores.audit import audit_entry, commit_deed
from provisioning.stores.merchants import MerchantStatus
from provisioning.stores.stores import Deployment, Store, StoreStatus, check_transition

_ROUNDS = 5


def check_may_go_live(store: Store, deployment: Deployment | None) -> None:
    """
    Raise `WrongState` unless the owner may open the store now.

    Nothing of the checklist holds it back but a website that visitors can see.
    """
    # The platform may lift a suspension; the owner may not, though the change of status is the same.
    if store.status is StoreStatus.SUSPENDED:
        raise WrongState("WRONG_STORE_STATUS", "A suspended store is opened again by our support team.")
    if store.status is StoreStatus.CREATING:
        raise WrongState("WRONG_STORE_STATUS", "Your store is still being built. Try again in a moment.")
    check_transition(store.status, StoreStatus.ACTIVE)
    if deployment is None or deployment.live is None:
        raise WrongState("NO_RELEASE", "Your store's website is not published yet. Try again in a moment.")


def go_live(documents: Documents, store_id: str, actor: str, now: datetime) -> Store:
    """
    Make a READY store ACTIVE and say so in the audit log, both in one batch; an ACTIVE store is left as it is.

    Raises `NotFound`, `WrongState` (`WRONG_STORE_STATUS`, `NO_RELEASE`, `MERCHANT_SUSPENDED`), or `Transient` when others keep changing the store.
    """
    for _ in range(_ROUNDS):
        found, release = documents.get_all(
            [document_path("stores", store_id), document_path("deployments", store_id)]
        )
        if found.data is None:
            raise NotFound("there is no such store")
        store = Store.model_validate(found.data)
        if store.status is StoreStatus.ACTIVE:
            return store
        check_may_go_live(store, None if release.data is None else Deployment.model_validate(release.data))
        _refuse_suspended(documents, store)
        live = {"status": StoreStatus.ACTIVE.value, "live_at": now}
        entry = audit_entry(at=now, actor=actor, action="store.went_live", subject=found.path)
        try:
            commit_deed(documents, [Update(found.path, live, if_updated_at=found.update_time)], entry)
        except Conflict:
            continue
        return store.model_copy(update={"status": StoreStatus.ACTIVE, "live_at": now})
    raise Transient("the store keeps changing; try again in a moment")


def _refuse_suspended(documents: Documents, store: Store) -> None:
    merchant = documents.get(document_path("merchants", store.merchant_id))
    if merchant.data is not None and merchant.data.get("status") == MerchantStatus.SUSPENDED:
        raise WrongState(
            "MERCHANT_SUSPENDED", "Your account is suspended. Our support team can tell you why."
        )
