"""The benchmarks run, count rightly, and judge rightly. Tiny numbers: what they measure here says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import activations, counts, imports, overhead, publishing, rendering, serving
from benchmarks.counts import ACCEPT, COMMITS, MAILS, OWN, PUBLISHES, READS, SUBMIT, UPLOADS, WRITES
from benchmarks.figures import at_least, at_most, exactly, percentile
from rich.console import Console

from provisioning.local.functions import FUNCTIONS
from provisioning.ports import Create, Update
from provisioning.themes.packages import list_themes, load_theme
from provisioning.workflow.definition import ACTIVATION
from provisioning.workflow.records import Status

STEPS = [step.name for step in ACTIVATION.steps]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> counts.Ledger:
    return counts.count(tmp_path_factory.mktemp("counts"))[0]


def test_an_activation_writes_its_provisioning_twice_a_step_and_once_more(counted: counts.Ledger) -> None:
    """Two commits a step, each with one write of the provisioning, and one when the request is accepted."""
    assert {step: counted.counts[step][OWN] for step in STEPS} == dict.fromkeys(STEPS, 2)
    assert {step: counted.counts[step][COMMITS] for step in STEPS} == dict.fromkeys(STEPS, 2)
    assert counted.counts[ACCEPT][OWN] == 1
    assert counted.total(OWN) == 2 * len(STEPS) + 1


def test_an_activation_publishes_once_for_each_step(counted: counts.Ledger) -> None:
    """The request's acceptance publishes the first, each step the next, the last none."""
    published = [counted.counts[name][PUBLISHES] for name in (ACCEPT, *STEPS)]

    assert published == [1] * len(STEPS) + [0]


def test_an_activation_uploads_at_most_forty_objects_in_one_step(counted: counts.Ledger) -> None:
    """All of them by the step that publishes the website; one mail by the step that welcomes the owner."""
    assert 0 < counted.total(UPLOADS) <= counts.MOST_UPLOADS
    assert counted.counts["deploy_website"][UPLOADS] == counted.total(UPLOADS)
    assert counted.counts["send_credentials"][MAILS] == counted.total(MAILS) == 1


def test_the_request_itself_is_one_write(counted: counts.Ledger) -> None:
    """One look for an earlier request with its id, one write: what a portal does as well."""
    assert counted.counts[SUBMIT] == {READS: 1, COMMITS: 1, WRITES: 1, OWN: 0}


def test_empty_steps_and_bare_chain_write_documents_of_the_same_shape(tmp_path: Path) -> None:
    """A race over the whole embedded runtime ends with two documents that differ in times, tokens and ids alone."""
    with overhead.embedded_track(tmp_path) as track:
        laps = overhead.race(track, one_at_a_time=1, at_once=2, rounds=1)
        documents = track.platforms[overhead.BARE].ports.documents
        empty, bare = documents.get_all(("provisionings/one-empty-steps-0", "provisionings/one-bare-chain-0"))

    assert {lap.at_once for lap in laps.values()} == {2}
    assert empty.data is not None and bare.data is not None
    assert empty.data["status"] == bare.data["status"] == "COMPLETED"
    assert empty.data.keys() == bare.data.keys()
    assert empty.data["engine"].keys() == bare.data["engine"].keys()
    assert len(repr(empty.data["steps"])) == pytest.approx(len(repr(bare.data["steps"])), rel=0.05)


def test_the_recorded_script_has_a_claim_and_a_commit_for_each_step(tmp_path: Path) -> None:
    """Claims name an owner; commits take it away, and the last one completes the provisioning."""
    with overhead.embedded_track(tmp_path) as track:
        chain = track.platforms[overhead.BARE].engine
        assert isinstance(chain, overhead.BareChain)
        script = chain.script

    assert len(script) == len(STEPS)
    assert all(claim["engine"]["owner"] is not None for claim, _ in script)
    assert all(commit["engine"]["owner"] is None for _, commit in script)
    assert [commit.get("status") for _, commit in script] == [None] * (len(STEPS) - 1) + ["COMPLETED"]


def test_the_finish_line_waits_for_all_and_says_how_many_are_missing() -> None:
    """Only a commit that says COMPLETED finishes one."""
    line = overhead.FinishLine()
    line.note([Create("provisionings/a", {"status": "COMPLETED"})])
    line.note([Update("provisionings/b", {"status": str(Status.COMPLETED)})])

    assert len(line.wait_for(["b"], 0.1)) == 1
    with pytest.raises(RuntimeError, match="1 of 2"):
        line.wait_for(["a", "b"], 0.01)


def test_activations_are_measured_on_the_embedded_runtime() -> None:
    """One after another and at once; each verdict has a figure that was measured."""
    verdicts = activations.measure(Console(quiet=True), emulators=False, one_at_a_time=1, at_once=3)

    assert len(verdicts) == 3
    assert all(verdict.figure > 0 for verdict in verdicts)


def test_imports_are_measured_for_every_function() -> None:
    """Each function has its list of libraries, and a start that loads them and more."""
    assert {function.name for function in FUNCTIONS} == imports.LIBRARIES.keys()

    libraries, whole = imports.compare(FUNCTIONS[-1], 1)

    assert 0 < libraries.modules < whole.modules
    assert libraries.seconds > 0


def test_a_percentile_is_a_value_that_was_measured() -> None:
    """Nearest rank: of 20 values the 99th percentile is the greatest, the median the tenth."""
    values = [float(n) for n in range(20, 0, -1)]

    assert percentile(values, 0.99) == 20.0
    assert percentile(values, 0.5) == 10.0
    assert percentile([7.0], 0.5) == 7.0
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_verdicts_hold_at_their_bound_and_miss_beyond_it() -> None:
    """The bound itself is allowed."""
    assert at_most("x", 1.25, 1.25).holds
    assert not at_most("x", 1.26, 1.25).holds
    assert at_least("x", 0.8, 0.8).holds
    assert not at_least("x", 0.79, 0.8).holds
    assert exactly("x", 15, 15).holds
    assert not exactly("x", 16, 15).holds


def test_serving_is_measured_against_a_handler_that_answers_the_same_bytes() -> None:
    """Under both servers, header by header: what differs is the work, and not what is sent."""
    verdicts = serving.measure(Console(quiet=True), requests=32, rounds=1)

    assert [verdict.bound for verdict in verdicts] == 2 * [serving.RATIO, *2 * [1000 * serving.P99_SECONDS]]
    assert all(verdict.figure > 0 for verdict in verdicts)


def test_rendering_is_measured_against_a_bare_loop_that_makes_the_same_bytes() -> None:
    """Each theme that is installed has its verdict. Most of the time is the templates' own, whoever calls them: half is always reached."""
    verdicts = rendering.measure(Console(quiet=True), pages=9)

    assert [verdict.bound for verdict in verdicts] == [rendering.RATIO] * len(list_themes())
    assert all(verdict.figure > 0.5 for verdict in verdicts)


def test_another_page_than_the_bare_loop_s_is_no_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared has to do the same work."""
    monkeypatch.setattr(rendering, "render_page", lambda *given: "")

    with pytest.raises(RuntimeError, match="another"):
        rendering.race(load_theme("upfront-modern"), rendering.shop_of(3), 1)


def test_publishing_is_measured_with_one_price_changed() -> None:
    """What does not show the price is neither rendered nor uploaded, however few products there are."""
    verdicts = publishing.measure(Console(quiet=True), products=40)

    assert 0 < verdicts[0].figure < 0.5
    assert verdicts[1].holds
