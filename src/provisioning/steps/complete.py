"""
Prove that it works: behave like a shopper and like the owner, and keep the evidence as the receipt.

Then the store is READY, or ACTIVE where the request asked to launch immediately.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin

from provisioning.errors import Permanent, Transient
from provisioning.ports import Create, Page, Query, Update, Where, Write, document_path
from provisioning.steps.step import Outcome, StepContext
from provisioning.stores.activation import Launch
from provisioning.stores.members import member_path
from provisioning.stores.merchants import Merchant, MerchantStatus
from provisioning.stores.stores import StoreStatus

_FINISHED = (StoreStatus.READY, StoreStatus.ACTIVE, StoreStatus.SUSPENDED)
_ASSET = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/(?!/)[^"#?]+\.[a-z0-9]+)"')
_PRODUCT = re.compile(r'href="(/products/[a-z0-9-]+/?)"')


def run(context: StepContext) -> Outcome:
    """Open the site by its host, check what a first shopper needs, and say that the store is there."""
    receipt = tuple(_check(context))
    failed = [check for check in receipt if not check["ok"]]
    if failed:
        told = "; ".join(f"{check['check']}: {check['evidence']}" for check in failed)
        raise Transient(f"the finished store did not pass: {told}", code="CHECK_FAILED")
    active = context.request.launch is Launch.IMMEDIATELY
    status = StoreStatus.ACTIVE if active else StoreStatus.READY
    return Outcome(
        writes=(
            Update(
                document_path("stores", context.store_id),
                {"status": str(status), "ready_at": context.now, "live_at": context.now if active else None},
            ),
            _merchant_has_a_store(context),
        ),
        receipt=receipt,
        log=(f"{len(receipt)} checks passed; the store is {status}",),
    )


def undo(context: StepContext) -> Outcome:
    """The public sees no store any more."""
    store, merchant = context.ports.documents.get_all(
        (
            document_path("stores", context.store_id),
            document_path("merchants", context.request.merchant_id),
        )
    )
    if store.data is None or store.data.get("provisioning_id") != context.provisioning_id:
        return Outcome(log=("There was no store to close",))
    writes = [Update(store.path, {"status": str(StoreStatus.CREATING), "ready_at": None, "live_at": None})]
    active = merchant.data is not None and merchant.data.get("status") == MerchantStatus.ACTIVE
    if active and not _has_another_store(context):
        pending = {"status": str(MerchantStatus.PENDING)}
        writes.append(Update(merchant.path, pending, if_updated_at=merchant.update_time))
    return Outcome(writes=tuple(writes), log=("The store is closed",))


def _merchant_has_a_store(context: StepContext) -> Write:
    """The merchant is ACTIVE from now on; one that was suspended meanwhile opens no store."""
    found = context.ports.documents.get(document_path("merchants", context.request.merchant_id))
    if found.data is None:
        made = Merchant.from_request(context.request, context.now)
        return Create(
            found.path,
            made.to_document() | {"status": str(MerchantStatus.ACTIVE), "activated_at": context.now},
        )
    if found.data.get("status") == MerchantStatus.SUSPENDED:
        raise Permanent(
            "MERCHANT_SUSPENDED",
            "The merchant was suspended while the store was being made",
            detail="The store is finished but stays closed.",
            action="Lift the suspension and retry, or roll back.",
            retryable=True,
        )
    active = {"status": str(MerchantStatus.ACTIVE), "status_reason": "", "activated_at": context.now}
    return Update(found.path, active, if_updated_at=found.update_time)


def _has_another_store(context: StepContext) -> bool:
    where = (Where("merchant_id", "==", context.request.merchant_id),)
    stores = context.ports.documents.query(Query("stores", where))
    return any(
        store.id != context.store_id and (store.data or {}).get("status") in _FINISHED for store in stores
    )


def _check(context: StepContext) -> Iterator[dict[str, Any]]:
    addresses = context.surroundings.addresses
    address = addresses.store(context.request.subdomain)
    opened = _opener(context, address)
    home = opened("/")
    html = home.body.decode("utf-8", "replace")
    yield _seen(
        "website",
        home.status == 200 and context.request.store_name in unescape(html),
        f"{address} answered {home.status}",
    )
    yield _assets(opened, html)
    yield _product(opened, html)
    dashboard = context.ports.visitor.open(addresses.dashboard(context.store_id))
    yield _seen("dashboard", dashboard.status == 401, f"it asks for sign-in ({dashboard.status})")
    yield from _owner(context)


def _opener(context: StepContext, address: str) -> Callable[[str], Page]:
    """Opens paths of the store as its owner's preview does: the public cannot see it yet."""
    token = context.surroundings.tokens.preview(context.store_id)

    def opened(path: str) -> Page:
        context.deadline.require(0)
        return context.ports.visitor.open(f"{urljoin(address, path)}?preview={token}")

    return opened


def _assets(opened: Callable[[str], Page], html: str) -> dict[str, Any]:
    paths: list[str] = sorted(set(_ASSET.findall(html)))
    # Each kind once: the release's own check has seen every file; this one sees that they are served.
    chosen = {path.rpartition(".")[2]: path for path in paths}.values()
    missing = [path for path in chosen if opened(path).status != 200]
    evidence = (
        f"missing: {', '.join(missing)}" if missing else f"{len(chosen)} kinds of {len(paths)} files answered"
    )
    return _seen("assets", bool(paths) and not missing, evidence)


def _product(opened: Callable[[str], Page], html: str) -> dict[str, Any]:
    found = _PRODUCT.search(html)
    if found is None:
        return _seen("product", False, "the home page leads to no product")
    page = opened(found.group(1))
    return _seen(
        "product", page.status == 200 and b"<h1" in page.body, f"{found.group(1)} answered {page.status}"
    )


def _owner(context: StepContext) -> Iterator[dict[str, Any]]:
    uid = str(context.refs["owner_uid"])
    account = context.ports.accounts.find(uid)
    if account is None or account.disabled:
        # Earlier steps are not run again, so another attempt would find the same.
        raise Permanent(
            "OWNER_GONE",
            "The owner's account was removed or disabled meanwhile",
            action="Enable the account and retry, or roll back and submit a new request.",
            retryable=True,
        )
    yield _seen("account", True, "the owner can sign in")
    member = context.ports.documents.get(member_path(context.store_id, uid)).exists
    yield _seen(
        "membership", member, "the owner has the right to the store" if member else "the right is missing"
    )


def _seen(check: str, ok: bool, evidence: str) -> dict[str, Any]:
    return {"check": check, "ok": ok, "evidence": evidence}
