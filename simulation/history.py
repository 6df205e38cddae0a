"""What became of each provisioning's document, change by change; what may not happen on the way is noted at once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from simulation.documents import Kept

MAX_ATTEMPTS = 4
_MOVES = {
    "PENDING": {"PENDING", "IN_PROGRESS", "FAILED"},
    "IN_PROGRESS": {"IN_PROGRESS", "COMPLETED", "FAILED", "ROLLBACK"},
    "FAILED": {"IN_PROGRESS", "ROLLBACK"},
    "COMPLETED": {"ROLLBACK"},
    "ROLLBACK": {"ROLLBACK", "ROLLED_BACK"},
    "ROLLED_BACK": set[str](),
}


def claims(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether a step was claimed between these two states of an engine's part of the document."""
    return bool(new["owner"]) and (new["owner"], new["hop"]) != (old.get("owner"), old.get("hop"))


class History:
    """Follows all provisionings of a simulation. `violations` are sentences."""

    def __init__(self, lease: timedelta) -> None:
        self._lease = lease
        self.violations: list[str] = []
        #: How often each step was recorded as done: by (provisioning, step, "COMPLETED" or "UNDONE").
        self.recorded: Counter[tuple[str, str, str]] = Counter()
        #: How often the epoch was raised.
        self.epochs: Counter[str] = Counter()
        self.claims = 0
        #: How many of them were made by an invocation that went on with the next step.
        self.gone_on = 0
        self.writes: Counter[str] = Counter()

    def violate(self, sentence: str) -> None:
        self.violations.append(sentence)

    def note(self, id: str, before: Kept | None, after: Kept | None) -> None:
        """One change of one provisioning's document."""
        self.writes[id] += 1
        if after is None:
            self.violate(f"{id}: the provisioning was deleted")
            return
        if before is None:
            if after.data["engine"]["epoch"] != 1 or after.data["engine"]["hop"] != 0:
                self.violate(f"{id}: began at a later place")
            return
        self._check_time(id, before.data, after.data)
        self._check_place(id, before, after)
        self._check_status(id, before.data, after.data)
        self._check_steps(id, before.data, after.data)

    def _check_time(self, id: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Who watches takes what is older than what it shows for an answer that came late."""
        seen = {
            name for name in new.keys() | old.keys() if name != "engine" and new.get(name) != old.get(name)
        }
        if new["updated_at"] < old["updated_at"] or (seen and new["updated_at"] == old["updated_at"]):
            self.violate(f"{id}: {sorted(seen)} changed, but not to a later time")

    def _check_place(self, id: str, before: Kept, after: Kept) -> None:
        old, new = before.data["engine"], after.data["engine"]
        place, next_place = (old["epoch"], old["hop"]), (new["epoch"], new["hop"])
        if next_place < place:
            self.violate(f"{id}: went back from {place} to {next_place}")
        if new["epoch"] > old["epoch"]:
            self.epochs[id] += 1
            if next_place != (old["epoch"] + 1, 0):
                self.violate(f"{id}: skipped from {place} to {next_place}")
            return
        if new["hop"] > old["hop"] + 1:
            self.violate(f"{id}: skipped from {place} to {next_place}")
        if new["attempt"] > MAX_ATTEMPTS:
            self.violate(f"{id}: attempt {new['attempt']} at {place}")
        if claims(old, new):
            self.claims += 1
            goes_on = new["hop"] > old["hop"]
            self.gone_on += goes_on
            if new["attempt"] != (1 if goes_on else old["attempt"] + 1):
                self.violate(f"{id}: a claim did not count as an attempt at {next_place}")
            if goes_on and new["owner"] != old["owner"]:
                self.violate(f"{id}: somebody else went on at {next_place}")
            others = old["owner"] and new["owner"] != old["owner"]
            if others and after.updated_at - before.updated_at < self._lease:
                self.violate(f"{id}: two owners within one lease at {place}")

    def _check_status(self, id: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        if new["status"] not in _MOVES[old["status"]]:
            self.violate(f"{id}: {old['status']} became {new['status']}")
        forward = old["engine"]["direction"] == new["engine"]["direction"] == "forward"
        if forward and new["completion_percent"] < old["completion_percent"]:
            self.violate(f"{id}: progress went back to {new['completion_percent']} %")

    def _check_steps(self, id: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        for was, step in zip(old["steps"], new["steps"], strict=True):
            status = step["status"]
            if status == was["status"] or status not in ("COMPLETED", "UNDONE"):
                continue
            self.recorded[id, step["name"], status] += 1
            if self.recorded[id, step["name"], status] > 1:
                self.violate(f"{id}: {step['name']} was recorded as {status} twice")
            if new["engine"]["hop"] != old["engine"]["hop"] + 1:
                self.violate(f"{id}: {step['name']} became {status} without a hop")
