"""
What must be true once all is quiet, whatever went wrong on the way.

The measure is the same story without faults: what a completed order owns must be what it would own then, and what is rolled
back, or lost a race, must own nothing.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from provisioning.steps.create_dashboard import own_uid
from provisioning.steps.step import effect_key
from provisioning.stores.tokens import fingerprint
from provisioning.stores.welcome import WelcomeToken
from simulation.faults import Weather
from simulation.platform import BUDGET, Functions
from simulation.scenarios import Order, Scenario
from simulation.world import LEASE, World, over

_TOKEN = re.compile(r"/welcome\?token=([A-Za-z0-9_-]{43})")
_UID = re.compile(r"owner-[0-9a-f]{22}|known-m\d")
_OWNED = ("hosts/", "stores/", "deployments/", "tenants/", "welcome_tokens/")
_ALWAYS_THERE = (
    "themes/",
    "plans/",
    "activation_requests/",
    "provisionings/",
    "merchants/",
    "audit_log/",
    "dead_letters/",
)
#: Seconds that the one window needs: what is left of the lease after the last look at the budget.
SHORTEST_FREEZE = LEASE - BUDGET / 2
#: Failures of a loser, which has made nothing.
_LOST = frozenset(("SUBDOMAIN_TAKEN", "STORE_EXISTS", "INVALID_REQUEST"))
#: Answers that a click may get; None where the process died over it.
_ANSWERS = frozenset((None, 202, 401, 404, 409, 422, 503))


class Owned:
    """What belongs to one order, in a form that two runs can be compared by."""

    def __init__(self, world: World, order: Order) -> None:
        everything = world.documents.everything()
        self.documents = {
            _plain(path): _plain(_without_effort(path, data))
            for path, data in everything.items()
            if _owner(path, data, everything) == order.id
        }
        self.progress = _progress(everything.get(f"provisionings/{order.id}"))
        self.merchant = _plain(everything.get(f"merchants/{order.merchant_id}"))
        self.files = {name for name in world.files.kept if name.startswith(f"stores/{order.store_id}/")}


def _without_effort(path: str, data: dict[str, Any]) -> dict[str, Any]:
    """A release's record without what its making took: after a fault, less is left to upload."""
    if not path.startswith("tenants/") or "/releases/" not in path:
        return data
    effort = {"uploaded", "bytes", "seconds"}
    return {**data, "stats": {name: value for name, value in data["stats"].items() if name not in effort}}


_expected: dict[Order, Owned] = {}


def expected(functions: Functions, order: Order) -> Owned:
    """What `order` owns after a run without faults."""
    if order not in _expected:
        rng = random.Random(0)  # noqa: S311 - a simulation must be repeatable
        before = functions.stage.now
        world = World(functions, Scenario("oracle", (order,), (0.0,)), Weather(rng, calm_at=0.0), rng)
        world.run()
        record = world.documents.peek(f"provisionings/{order.id}") or {}
        assert record.get("status") == "COMPLETED", f"even without faults: {record.get('error')}"
        _expected[order] = Owned(world, order)
        world.end()
        functions.stage.now = before
    return _expected[order]


class Verdict:
    """Checks one world. `windows` counts what is open by design, by its name."""

    def __init__(self, world: World, functions: Functions) -> None:
        self.world = world
        self.functions = functions
        self.violations = list(world.history.violations)
        self.windows: Counter[str] = Counter()
        world.history.violations.clear()

    def check(self) -> None:
        """All that must hold when it is quiet."""
        if not self.world.quiet:
            self._say("it never became quiet")
            return
        for order in self.world.scenario.orders:
            self._check_order(order)
        self._check_strangers()
        self._check_mails()
        self._check_accounts()
        self._check_letters()
        self._check_clicks()
        if self.world.files.clashes:
            self._say(f"other bytes under the same name: {self.world.files.clashes[:3]}")

    def check_advice(self) -> None:
        """After everybody followed the advice, nothing is left that FAILED or was halted."""
        for order in self.world.scenario.orders:
            record = self._record(order)
            rejected = record is not None and record["status"] == "FAILED" and record["current_step"] is None
            if record is None or (record["status"] not in ("COMPLETED", "ROLLED_BACK") and not rejected):
                code = (record or {}).get("error") or {}
                self._say(f"{order.id}: the advice did not help: {(record or {}).get('status')} {code}")

    def check_links(self) -> None:
        """Each welcome link lets one person in, once. Spends them."""
        for order in self.world.scenario.orders:
            mail = next(
                (m for m in self.world.mailer.accepted if m.key == effect_key(order.id, "send_credentials")),
                None,
            )
            token = _TOKEN.search(mail.text) if mail else None
            record = self._record(order)
            if token is None or record is None or record["status"] != "COMPLETED":
                continue
            if self.world.documents.peek(f"welcome_tokens/{fingerprint(token[1])}") is None:
                self._say(f"{order.id}: the link that was mailed opens nothing")
                continue
            answers = self.world.enter_twice(token[1])
            let_in = sum(isinstance(answer, WelcomeToken) for answer in answers)
            used = (self.world.documents.peek(f"welcome_tokens/{fingerprint(token[1])}") or {})["used_at"]
            entries = sum(
                path.startswith("audit_log/")
                and data["action"] == "owner.signed_in"
                and data["subject"].endswith(order.store_id)
                for path, data in self.world.documents.everything().items()
            )
            if let_in > 1 or entries != (used is not None) or (let_in and not used):
                self._say(
                    f"{order.id}: the link let {let_in} in, {entries} times by the audit log, used {used}"
                )

    def _say(self, sentence: str) -> None:
        self.violations.append(sentence)

    def _record(self, order: Order) -> dict[str, Any] | None:
        return self.world.documents.peek(f"provisionings/{order.id}")

    # --- one order ---

    def _check_order(self, order: Order) -> None:
        record = self._record(order)
        if record is None:
            self._say(f"{order.id}: was lost")
            return
        if not over(record):
            self._say(f"{order.id}: stands still as {record['status']}")
            return
        engine = record["engine"]
        if engine["owner"] or engine["wake_at"] or engine["not_before"]:
            self._say(f"{order.id}: is over and yet owned or awaited")
        if record["error"] and not (record["error"]["title"] and record["error"]["action"]):
            self._say(f"{order.id}: nobody is told what to do about {record['error']['code']}")
        if record["status"] in ("FAILED", "ROLLBACK") and not record["error"]:
            self._say(f"{order.id}: {record['status']} without an error")
        self._check_owned(order, record)

    def _check_owned(self, order: Order, record: dict[str, Any]) -> None:
        owned, ideal = Owned(self.world, order), expected(self.functions, order)
        shared = sum(other.store_id == order.store_id for other in self.world.scenario.orders) > 1
        if record["engine"]["direction"] == "forward" and not shared:
            # Of one that is rolled back, a late invocation may leave files that nothing refers to.
            self._compare(order, "a file", owned.files - ideal.files, "is not of its release")
        if record["status"] == "COMPLETED":
            self._check_completed(order, record, owned, ideal)
            return
        left = set(owned.documents)
        nothing = record["status"] == "ROLLED_BACK" or (record["error"] or {}).get("code") in _LOST
        surplus = left if nothing else left - set(ideal.documents)
        self._compare(order, "a document", surplus, f"is left behind by one that is {record['status']}")

    def _check_completed(self, order: Order, record: dict[str, Any], owned: Owned, ideal: Owned) -> None:
        self._compare(order, "a file", ideal.files - owned.files, "is missing")
        self._compare(
            order, "a document", ideal.documents.keys() ^ owned.documents.keys(), "is surplus or missing"
        )
        differing = {
            p for p, d in owned.documents.items() if p in ideal.documents and ideal.documents[p] != d
        }
        self._compare(order, "a document", differing, "is not as without faults")
        if owned.progress != ideal.progress:
            self._say(
                f"{order.id}: progress is not as without faults: {_difference(ideal.progress, owned.progress)}"
            )
        if not self._shares_merchant(order) and owned.merchant != ideal.merchant:
            self._say(f"{order.id}: the merchant is {owned.merchant}")
        account = self.world.accounts.find_by_email(order.owner_email)
        if account is None and self._is_removed_late():
            self.windows["an account removed under another store"] += 1
        elif account is None or account.disabled:
            self._say(f"{order.id}: COMPLETED, and the owner cannot sign in")
        self._check_welcome(order, record)

    def _is_removed_late(self) -> bool:
        """Whether a removal was frozen, or under way, after its last look at the budget."""
        return any(
            fault in ("freeze before", "arrives late") and call == "accounts.remove"
            for fault, call, *_ in self.world.scheduler.happened
        )

    def _shares_merchant(self, order: Order) -> bool:
        """Whether the merchant's document may come from another order's words; its status is looked at all the same."""
        others = [
            o for o in self.world.scenario.orders if o.merchant_id == order.merchant_id and o is not order
        ]
        merchant = self.world.documents.peek(f"merchants/{order.merchant_id}") or {}
        if others and merchant.get("status") != "ACTIVE":
            self._say(f"{order.id}: COMPLETED, and its merchant is {merchant.get('status')}")
        return bool(others)

    def _compare(self, order: Order, what: str, found: set[str], verdict: str) -> None:
        if found:
            some = ", ".join(sorted(found)[:3])
            self._say(f"{order.id}: {what} {verdict}: {some} ({len(found)} in all)")

    def _check_welcome(self, order: Order, record: dict[str, Any]) -> None:
        key = effect_key(order.id, "send_credentials")
        mails = [mail for mail in self.world.mailer.accepted if mail.key == key]
        if record["delivery"] == "sent" and not mails:
            self._say(f"{order.id}: delivery says sent, and no mail was")
        if record["delivery"] not in ("sent", "unconfirmed"):
            self._say(f"{order.id}: delivery is {record['delivery']}")
        doubt = any(about == order.id for *_, about in self.world.scheduler.happened)
        if record["delivery"] == "unconfirmed" and (key not in self.world.mailer.unknown or not doubt):
            self._say(f"{order.id}: delivery is unconfirmed without a doubt")
        for mail in mails:
            token = _TOKEN.search(mail.text)
            if token is None or self.world.documents.peek(f"welcome_tokens/{fingerprint(token[1])}") is None:
                self._say(f"{order.id}: the link in the welcome mail opens nothing")

    # --- all together ---

    def _check_strangers(self) -> None:
        everything = self.world.documents.everything()
        ids = {order.id for order in self.world.scenario.orders}
        for path, data in everything.items():
            if path.startswith(_ALWAYS_THERE):
                continue
            if not path.startswith(_OWNED) or _owner(path, data, everything) not in ids:
                self._say(f"nobody owns {path}")
        taken = Counter(data["subdomain"] for path, data in everything.items() if path.startswith("stores/"))
        for subdomain, stores in taken.items():
            if stores > 1:
                self._say(f"{stores} stores at {subdomain}")

    def _check_mails(self) -> None:
        """One mail for each key, but for the one window: frozen between the look at the budget and the send."""
        frozen = Counter(
            key
            for call, key, seconds in self.world.scheduler.frozen
            if call == "mailer.send" and seconds >= SHORTEST_FREEZE
        )
        for key, times in Counter(mail.key for mail in self.world.mailer.accepted).items():
            if times > 1 + frozen[key]:
                self._say(f"{times} mails with the key {key}")
            elif times > 1:
                self.windows["a second mail"] += 1

    def _check_accounts(self) -> None:
        accounts = self.world.accounts
        orders = self.world.scenario.orders
        late = {
            key
            for fault, call, key, _ in self.world.scheduler.happened
            if fault in ("freeze before", "arrives late") and call == "accounts.ensure_owner"
        }
        uids = {own_uid(effect_key(order.id, "create_dashboard")): order for order in orders}
        for uid in accounts.removed:
            record = self._record(uids[uid]) if uid in uids else None
            if record is None or record["engine"]["direction"] != "undo":
                self._say(f"the account {uid} was removed by another")
        for order in orders:
            if order.known and not any(uid.startswith("known-") for uid in accounts.accounts):
                self._say(f"{order.id}: the owner's earlier account is gone")
        for uid, order in uids.items():
            self._check_account(uid, order, uid in late)

    def _check_account(self, uid: str, order: Order, late: bool) -> None:
        accounts = self.world.accounts
        if accounts.made[uid] > 1 and not late:
            self._say(f"{order.id}: the owner's account was made {accounts.made[uid]} times")
        record = self._record(order)
        left = accounts.find_by_email(order.owner_email)
        if (
            record is None
            or record["status"] != "ROLLED_BACK"
            or left is None
            or left.uid.startswith("known-")
        ):
            return
        email = order.owner_email.lower()
        if sum(other.owner_email.lower() == email for other in self.world.scenario.orders) > 1:
            return
        if late:
            self.windows["an account without a store"] += 1
            return
        self._say(f"{order.id}: the owner's account is left behind")

    def _check_letters(self) -> None:
        letters = {
            path.removeprefix("dead_letters/"): data
            for path, data in self.world.documents.everything().items()
            if path.startswith("dead_letters/")
        }
        due: set[str] = set()
        for order in self.world.scenario.orders:
            record = self._record(order)
            if record and record["error"] and record["engine"]["dead_letter"]:
                due.add(record["engine"]["dead_letter"])
        opened = {id for id, data in letters.items() if data["status"] == "OPEN" and data["data"] is None}
        if opened != due:
            self._say(f"open dead letters {sorted(opened)}, due {sorted(due)}")
        for order in self.world.scenario.orders:
            record = self._record(order)
            exhausted = (
                record
                and record["error"]
                and record["error"]["title"] == "It did not work after four attempts"
            )
            if exhausted and record and not record["engine"]["dead_letter"]:
                self._say(f"{order.id}: exhausted without a dead letter")
        for data in letters.values():
            if data["data"] is not None and data["code"] != "UNDELIVERED":
                self._say(f"a dead letter of our own message: {data['code']}")

    def _check_clicks(self) -> None:
        everything = self.world.documents.everything()
        for order in self.world.scenario.orders:
            raised = self.world.history.epochs[order.id]
            audited = sum(
                path.startswith("audit_log/")
                and data["action"] in ("provisioning.retry", "provisioning.rollback")
                and data["subject"].endswith(order.id)
                for path, data in everything.items()
            )
            told = sum(c.status == 202 for c in self.world.clicked if c.click.order == order.id)
            if not told <= raised == audited:
                self._say(f"{order.id}: {told} clicks accepted, {raised} epochs, {audited} in the audit log")
        for clicked in self.world.clicked:
            if clicked.status not in _ANSWERS:
                self._say(f"a click was answered {clicked.status} {clicked.answer}")


# --- Comparable forms ------------------------------------------------------------------------------------


def _owner(path: str, data: dict[str, Any], everything: dict[str, dict[str, Any]]) -> str | None:
    """The provisioning that a document belongs to."""
    if not path.startswith(_OWNED):
        return None
    if "provisioning_id" in data:
        return str(data["provisioning_id"])
    tenant = everything.get("/".join(path.split("/")[:2]))
    return None if tenant is None else tenant.get("provisioning_id")


def _plain(value: Any) -> Any:
    """Without moments, and with one name for the owner's account."""
    if isinstance(value, str):
        return _UID.sub("<owner>", value)
    if isinstance(value, datetime | timedelta):
        return "<time>"
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _progress(record: dict[str, Any] | None) -> Any:
    """A provisioning without what faults and people may rightly change."""
    if record is None:
        return None
    kept = {
        name: record[name]
        for name in (
            "schema",
            "kind",
            "merchant_id",
            "store_id",
            "store_name",
            "subdomain",
            "status",
            "current_step",
            "completion_percent",
            "error",
            "links",
            "receipt",
            "completed_at",
        )
    }
    kept["steps"] = [
        {name: step[name] for name in ("name", "title", "percent", "status", "error")}
        for step in record["steps"]
    ]
    engine = record["engine"]
    kept["engine"] = {
        "direction": engine["direction"],
        # Whether the account was made or found depends on who came first.
        "effects": [effect for effect in engine["effects"] if effect["effect"] != "account"],
        "refs": engine["refs"],
        "wake_shard": engine["wake_shard"],
    }
    return _plain(kept)


def _difference(ideal: Any, found: Any) -> str:
    if not isinstance(ideal, dict) or not isinstance(found, dict):
        return f"{found} and not {ideal}"
    return "; ".join(
        f"{name}: {found.get(name)} and not {ideal.get(name)}"
        for name in ideal.keys() | found.keys()
        if ideal.get(name) != found.get(name)
    )[:600]
