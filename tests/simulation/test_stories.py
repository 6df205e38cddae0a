"""Single stories with faults that are written down: what the simulation has found, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from simulation.documents import MemoryDocuments
from simulation.faults import faults_of
from simulation.invariants import Verdict
from simulation.platform import Functions
from simulation.receivers import CountingAccounts
from simulation.scenarios import AWESOME, BLOOM, STEPS, Click, Order
from simulation.scheduler import BEGIN
from simulation.world import World

from provisioning.errors import Conflict, Transient
from provisioning.ports import Ports, Set, Update
from provisioning.steps import complete, create_dashboard
from provisioning.steps.step import Deadline, StepContext, Surroundings, effect_key
from provisioning.stores.activation import parse_activation
from provisioning.stores.addresses import Addresses
from provisioning.stores.tokens import Tokens
from provisioning.stores.welcome import WelcomeToken

Story = Callable[..., World]
#: Calls of an activation, each of which meets each fault that can meet it.
FAULTY = (
    "documents.get_all",
    "documents.query",
    "documents.commit",
    "messages.publish",
    "files.exists",
    "files.put",
    "accounts.ensure_owner",
    "accounts.find",
    "mailer.send",
    "visitor.open",
)


def record(world: World, id: str = "r1") -> dict[str, Any]:
    data = world.documents.peek(f"provisionings/{id}")
    assert data is not None
    return data


def verdict(world: World, functions: Functions) -> Verdict:
    verdict = Verdict(world, functions)
    verdict.check()
    return verdict


def mails(world: World) -> int:
    return max(Counter(mail.key for mail in world.mailer.accepted).values(), default=0)


def test_without_faults_each_step_takes_one_delivery(story: Story, functions: Functions) -> None:
    """Seven deliveries, two writes for each step, one for the acceptance, within two virtual seconds."""
    world = story()

    assert record(world)["status"] == "COMPLETED"
    assert verdict(world, functions).violations == []
    assert world.latency.deliveries == 7
    assert world.history.writes["r1"] == 2 * 7 + 1
    assert world.latency.finished_at < 2
    assert mails(world) == 1


@pytest.mark.parametrize(("call", "fault"), [(call, fault) for call in FAULTY for fault in faults_of(call)])
def test_a_fault_does_what_it_says(story: Story, functions: Functions, call: str, fault: str) -> None:
    """Whichever it is, at whichever call: it happens once, and the activation completes all the same."""
    world = story(script={(call, 3 if call == "documents.commit" else 1): fault})

    assert world.weather.fired[fault] == 1
    assert verdict(world, functions).violations == []
    assert record(world)["status"] == ("FAILED" if fault == "mail refused for good" else "COMPLETED")


def test_nothing_of_a_killed_process_runs(story: Story) -> None:
    """No call leaves it any more; its work is taken up when its lease has ended."""
    world = story(script={("files.put", 5): "crash before"})

    assert record(world)["status"] == "COMPLETED"
    assert 12 < world.latency.finished_at < 30
    assert record(world)["steps"][3]["attempts"] == 2


def test_a_look_up_that_fails_after_silence_leaves_the_mail_in_doubt(
    story: Story, functions: Functions
) -> None:
    """The mail went out, no answer came, and nobody could be asked: the next attempt asks before it sends again."""
    world = story(script={("mailer.send", 1): "mail unconfirmed, sent", ("mailer.find", 1): "error"})

    assert record(world)["delivery"] == "sent"
    assert mails(world) == 1
    assert verdict(world, functions).violations == []


def test_a_mail_that_nobody_can_tell_about_is_unconfirmed(story: Story, functions: Functions) -> None:
    """One mail, and the doubt is written where people look."""
    world = story(script={("mailer.send", 1): "crash after"}, mailer_remembers=False)

    assert record(world)["delivery"] == "unconfirmed"
    assert mails(world) == 1
    assert verdict(world, functions).violations == []


@pytest.mark.parametrize("seed", range(8))
def test_the_one_window(story: Story, functions: Functions, seed: int) -> None:
    """Frozen between the last look at the budget and the send, longer than the lease: a second mail, and it is counted."""
    world = story(script={("mailer.send", 1): "freeze before"}, seed=seed)
    (_, _, frozen), *_ = world.scheduler.frozen
    found = verdict(world, functions)

    assert found.violations == []
    assert mails(world) == 1 + found.windows["a second mail"]
    if frozen > 30:
        assert found.windows["a second mail"] == 1


@pytest.mark.parametrize(
    "at", [*(("claimed", step) for step in STEPS), *(("committed", step) for step in STEPS[:-1])]
)
def test_roll_back_at_every_step_leaves_nothing(
    story: Story, functions: Functions, at: tuple[str, str]
) -> None:
    """
    Whether the step runs or is done: no document, no account, and no link that still opens something.

    The next step's claim may be quicker than the click, which is told so; then the same person clicks again.
    """
    world = story(clicks=(Click("rollback", "r1", at), Click("rollback", "r1", at, 0.2)))

    assert record(world)["status"] == "ROLLED_BACK"
    assert verdict(world, functions).violations == []
    assert not world.accounts.accounts
    assert not [
        path for path in world.documents.everything() if path.startswith(("welcome_tokens/", "tenants/"))
    ]


def test_a_roll_back_that_cannot_go_on_is_halted_and_says_what_to_do(
    story: Story, functions: Functions
) -> None:
    """A retry is refused there, so the advice is to roll back again; and that works."""
    clicks = (Click("rollback", "r1", "COMPLETED"), Click("retry", "r1", "halted"))
    world = story(clicks=clicks, undo_lacks=("accounts.find", 90.0))
    error = record(world)["error"]

    assert (record(world)["status"], error["retryable"]) == ("ROLLBACK", False)
    assert error["action"].startswith("Roll back again")
    assert [clicked.status for clicked in world.clicked] == [202, 409]
    assert verdict(world, functions).violations == []

    world.follow_advice()

    assert record(world)["status"] == "ROLLED_BACK"
    assert verdict(world, functions).violations == []


def test_two_administrators_at_once_raise_one_epoch(story: Story, functions: Functions) -> None:
    """One is told that it was done, the other that somebody was quicker."""
    script = {("mailer.send", 1): "mail refused for good"}
    world = story(script=script, clicks=(Click("retry", "r1", "FAILED", 1.0, times=2),))

    assert record(world)["status"] == "COMPLETED"
    assert sorted(clicked.status or 0 for clicked in world.clicked) == [202, 409]
    assert world.history.epochs["r1"] == 1
    assert verdict(world, functions).violations == []


def test_of_two_with_one_subdomain_one_gets_it(story: Story, functions: Functions) -> None:
    """The other is FAILED, owns nothing, and is told why."""
    rival = replace(BLOOM, subdomain=AWESOME.subdomain)
    world = story(AWESOME, rival)

    ends = {record(world, id)["status"] for id in ("r1", "r2")}
    assert ends == {"COMPLETED", "FAILED"}
    assert verdict(world, functions).violations == []


def test_a_link_lets_one_in(story: Story) -> None:
    """Of two who open it at once, one comes in."""
    world = story()
    token = world.mailer.accepted[0].text.partition("/welcome?token=")[2][:43]

    answers = world.enter_twice(token)

    assert [type(answer) for answer in answers].count(WelcomeToken) == 1


def test_a_lost_event_is_made_good_by_sweep(functions: Functions, story: Story) -> None:
    """Firestore alone is enough: no event, no message."""
    world = story(script={("messages.publish", n): "error" for n in range(1, 20)})

    assert record(world)["status"] == "COMPLETED"
    assert verdict(world, functions).violations == []


def _context(documents: MemoryDocuments, order: Order, at: datetime) -> StepContext:
    ports = Ports(documents, *[None] * 5)  # type: ignore[arg-type] - undoing `complete` asks for documents alone
    return StepContext(
        provisioning_id=order.id,
        order=parse_activation(order.document(), order.id),
        effect_key=effect_key(order.id, "complete"),
        refs={},
        attempt=1,
        in_doubt=False,
        now=at,
        deadline=Deadline(1.0, lambda: 0.0),
        ports=ports,
        surroundings=Surroundings(Addresses("localhost", "localhost"), Tokens("a secret for tests"), 3.0),
    )


def test_a_store_that_is_finished_meanwhile_is_not_overlooked() -> None:
    """Closing a merchant's store conflicts with finishing another one, though the merchant is ACTIVE before and after."""
    documents = MemoryDocuments(lambda: BEGIN)
    at = documents.get("merchants/m1").read_time
    second = replace(BLOOM, merchant_id="m1")
    documents.commit(
        [
            Set("merchants/m1", {"status": "ACTIVE", "status_reason": ""}),
            Set("stores/s1", {"merchant_id": "m1", "provisioning_id": "r1", "status": "READY"}),
            Set("stores/s2", {"merchant_id": "m1", "provisioning_id": "r2", "status": "CREATING"}),
        ]
    )
    undone = complete.undo(_context(documents, AWESOME, at))
    finished = complete._merchant_has_a_store(_context(documents, second, at))
    documents.commit([finished, Update("stores/s2", {"status": "READY"})])

    with pytest.raises(Conflict):
        documents.commit(undone.writes)

    again = complete.undo(_context(documents, AWESOME, at))
    documents.commit(again.writes)
    assert (documents.peek("merchants/m1") or {})["status"] == "ACTIVE"


def test_an_undo_out_of_time_removes_no_account() -> None:
    """Frozen since it looked who else uses the account, it must not wake up and remove it."""
    documents, accounts = MemoryDocuments(lambda: BEGIN), CountingAccounts()
    uid = create_dashboard.own_uid(effect_key("r1", "create_dashboard"))
    accounts.ensure_owner(AWESOME.owner_email, AWESOME.store_name, uid)
    context = replace(
        _context(documents, AWESOME, documents.get("stores/s1").read_time),
        effect_key=effect_key("r1", "create_dashboard"),
        deadline=Deadline(6.0, lambda: 30.0),
    )
    frozen = replace(context, ports=replace(context.ports, accounts=accounts))

    with pytest.raises(Transient, match="time is left"):
        create_dashboard.undo(frozen)

    assert accounts.find(uid)
