"""docs/costs.md counts with what an activation really does, and names the source of each price."""

from __future__ import annotations

from pathlib import Path

import hcl2
import pytest
from benchmarks import counts
from benchmarks.counts import DOWNLOADS, MAILS, PUBLISHES, READS, UPLOADS, VISITS, WRITES
from tools import document_costs

from provisioning.sites import collecting
from provisioning.workflow import sweep
from tests.terraform.configuration import MODULE, TERRAFORM, mebibytes, resource, value

from .pages import ROOT

COSTS = document_costs.read_costs()
CAPACITY = (ROOT / "docs/capacity.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> counts.Ledger:
    patch = pytest.MonkeyPatch()
    # Operations are counted, not seconds: a busy machine must not add a retry.
    patch.setenv("STEP_BUDGET_SECONDS", "60")
    try:
        return counts.count(Path(tmp_path_factory.mktemp("costs")))[0]
    finally:
        patch.undo()


@pytest.mark.parametrize(
    ("kind", "column"),
    [("writes", WRITES), ("publishes", PUBLISHES), ("uploads", UPLOADS), ("mails", MAILS)],
)
def test_an_activation_does_what_is_paid_for(counted: counts.Ledger, kind: str, column: str) -> None:
    """Exactly; a change of a step changes the page."""
    assert counted.total(column) == COSTS["activation"][kind]


@pytest.mark.parametrize(("kind", "column"), [("reads", READS), ("downloads", DOWNLOADS)])
def test_reads_are_not_more_than_is_paid_for(counted: counts.Ledger, kind: str, column: str) -> None:
    """The storefront's caches last two seconds, so that a slow machine reads a little more."""
    paid = COSTS["activation"][kind]

    assert 0.8 * paid <= counted.total(column) <= 1.3 * paid


def test_calls_of_functions_are_at_most_what_is_paid_for(counted: counts.Ledger) -> None:
    """The event, the steps, the visits, and an event for each document that may be a tenant's."""
    others = counted.total(WRITES) - counted.total(counts.OWN)

    assert 1 + counted.total(PUBLISHES) + counted.total(VISITS) + others <= COSTS["activation"]["calls"]


def test_every_price_has_its_source() -> None:
    """And all that is done is billed, but for the mail."""
    assert all(one["source"] and one["sure"] and one["per"] > 0 for one in COSTS["prices"].values())
    done = {*COSTS["activation"], *document_costs.month_of_store(COSTS)}
    assert done - set(document_costs.BILLED) == {"mails"}
    assert {name for names in document_costs.BILLED.values() for name in names} == set(COSTS["prices"])


def test_twice_as_many_operations_cost_twice_as_much() -> None:
    """Nothing is left out of the sum."""
    once = document_costs.price(COSTS, COSTS["activation"])
    twice = document_costs.price(COSTS, {kind: 2 * count for kind, count in COSTS["activation"].items()})

    assert sum(twice.values()) == pytest.approx(2 * sum(once.values()))
    assert all(dollars > 0 for dollars in once.values())


def test_the_instances_that_wait_are_paid_for() -> None:
    """As many as production keeps, each with its memory and its processor."""
    settings = hcl2.loads((TERRAFORM / "envs" / "prod.tfvars").read_text(encoding="utf-8"))
    kept = {
        name.strip('"'): count
        for name, count in settings["min_instances"].items()
        if not name.startswith("__")
    }
    functions, platform = value("functions"), COSTS["platform_month"]
    cpus = float(
        resource("google_cloudfunctions2_function.this", MODULE)["service_config"][0]["available_cpu"]
    )

    assert platform["warm_vcpu"] == sum(kept.values()) * cpus
    assert (
        platform["warm_gib"]
        == sum(count * mebibytes(functions[name]["memory"]) for name, count in kept.items()) / 1024
    )
    assert document_costs.warm(COSTS) > 0


def test_the_capacity_page_has_our_own_limits() -> None:
    """Those of Terraform and of sweep."""
    steps, shop = value("functions")["provision-step"], value("functions")["storefront"]

    assert f"`max_instances` {steps['max_instances']} × {steps['concurrency']} at once" in CAPACITY
    assert (
        f"| {int(steps['max_instances'] // COSTS['activation']['seconds'])} activations a second" in CAPACITY
    )
    assert (
        f"{steps['max_instances']} vCPU, of which an activation takes [{COSTS['activation']['seconds']:g} seconds"
        in CAPACITY
    )
    assert f"{shop['max_instances']} instances × {shop['concurrency']} at once" in CAPACITY
    assert f"| {sweep.MOST:,} due at once |" in CAPACITY


def test_the_capacity_page_has_the_rounds_of_collect() -> None:
    """As often as Terraform has it called, for as long as a round may take."""
    minute, hour, *rest = value("scheduled")["collect"]["schedule"].split()
    assert (minute.isdigit(), hour, rest) == (True, "*", ["*", "*", "*"])

    assert f"`collect`: 24 rounds of {collecting.ROUND:g} s a day, {24 * collecting.ROUND:g} s" in CAPACITY
    assert f"{24 * 60 * collecting.ROUND:,g} s a day" in CAPACITY
