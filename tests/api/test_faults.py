"""The switch that makes a step go wrong: what one sees then, and that a retry helps."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from provisioning.errors import Transient
from provisioning.local.faults import FileFaults
from provisioning.ports import Fault, FaultKind
from provisioning.runtime import assemble
from provisioning.serving import Running, running
from provisioning.settings import Runtime, read_settings
from provisioning.steps.step import Deadline, Outcome, Step
from provisioning.workflow.definition import Workflow
from provisioning.workflow.faults import with_faults
from tests.api.world import ROOT, Api, fields_of

# --- The endpoint ---


def test_faults_are_set_shown_and_turned_off(api: Api) -> None:
    wish = {"step": "second", "kind": "slow", "times": None, "seconds": 2.5}

    assert api.get("local/faults").json["faults"] == []
    assert api.put("local/faults", {"faults": [wish]}).json["faults"] == [wish]
    assert api.get("local/faults").json["faults"] == [wish]
    assert api.put("local/faults", {"faults": []}).json["faults"] == []
    assert [entry["detail"]["faults"] for entry in api.audit("faults.set")].count(["second: slow"]) == 1


def test_steps_that_can_go_wrong_are_told_in_their_order(api: Api) -> None:
    """So that whoever offers the choice need not know the workflow."""
    assert api.get("local/faults").json["steps"] == [
        {"name": "first", "title": "Do the first thing"},
        {"name": "second", "title": "Do the second thing"},
    ]


def test_wrong_wishes(api: Api) -> None:
    answer = api.put("local/faults", {"faults": [{"step": "third", "kind": "fail"}]})
    assert fields_of(answer) == {("faults.0.step", "UNKNOWN_STEP")}
    assert "first, second" in answer.json["detail"]
    for wrong in ({"kind": "burn"}, {"kind": "fail", "times": 0}, {"kind": "slow", "seconds": 1000}):
        assert api.put("local/faults", {"faults": [{"step": "first"} | wrong]}).status_code == 422


def test_production_has_no_switch(tmp_path: Path, api: Api) -> None:
    """Not even where its file lies about."""
    (tmp_path / "faults.json").write_text('[{"step": "first", "kind": "fail"}]')
    google = api.platform.settings.model_copy(update={"provisioning_runtime": Runtime.GOOGLE})

    assert assemble(google, api.platform.ports).faults is None


# --- The file ---


def test_each_use_is_counted_once(tmp_path: Path) -> None:
    """However many ask at once, and through however many objects."""
    FileFaults(tmp_path / "faults.json").write(
        (Fault("a", FaultKind.FAIL, times=5), Fault("b", FaultKind.HANG, None))
    )
    taken: list[Fault] = []
    barrier = threading.Barrier(8)

    def take() -> None:
        faults = FileFaults(tmp_path / "faults.json")
        barrier.wait()
        taken.extend(fault for _ in range(3) if (fault := faults.take("a")))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 5
    assert FileFaults(tmp_path / "faults.json").read() == (Fault("b", FaultKind.HANG, None),)
    assert FileFaults(tmp_path / "faults.json").take("c") is None


# --- A step behind the switch ---


class Stage:
    """One step whose time passes only where it waits."""

    def __init__(self, folder: Path, *faults: Fault) -> None:
        self.clock = 0.0
        self.calls = 0
        self.faults = FileFaults(folder / "faults.json")
        self.faults.write(faults)
        self.waited: list[float] = []
        workflow = Workflow((Step("step", "The step", 100, self._run, self._run),))
        (self.step,) = with_faults({"activation": workflow}, self.faults, self._sleep)["activation"].steps

    def _run(self, _: Any) -> Outcome:
        self.calls += 1
        return Outcome(log=("done",))

    def _sleep(self, seconds: float) -> None:
        self.clock += seconds
        self.waited.append(seconds)

    def run(self) -> Outcome:
        context: Any = type("Context", (), {})()
        context.provisioning_id = "p1"
        context.deadline = Deadline(self.clock + 6.0, lambda: self.clock)
        return self.step.run(context)


def test_a_slow_step_does_its_work_within_its_budget(tmp_path: Path) -> None:
    stage = Stage(tmp_path, Fault("step", FaultKind.SLOW, 1, seconds=60))
    outcome = stage.run()

    assert stage.calls == 1
    assert stage.clock < 6.0
    assert "switch for trials" in outcome.log[0] and outcome.log[1] == "done"
    assert stage.run().log == ("done",)


def test_a_step_that_hangs_outlives_its_lease(tmp_path: Path) -> None:
    """Twice the budget is the lease: another takes it then."""
    stage = Stage(tmp_path, Fault("step", FaultKind.HANG))
    with pytest.raises(Transient) as error:
        stage.run()

    assert error.value.code == "SWITCHED_TO_HANG"
    assert stage.calls == 0
    assert stage.clock > 12.0


def test_turning_the_switch_frees_what_hangs(tmp_path: Path) -> None:
    stage = Stage(tmp_path, Fault("step", FaultKind.HANG))
    before = stage._sleep

    def turn(seconds: float) -> None:
        before(seconds)
        if len(stage.waited) == 3:
            stage.faults.write(())

    (stage.step,) = with_faults(
        {"a": Workflow((Step("step", "The step", 100, stage._run, stage._run),))}, stage.faults, turn
    )["a"].steps
    with pytest.raises(Transient):
        stage.run()

    assert stage.clock < 1.0


def test_undoing_is_never_disturbed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, Fault("step", FaultKind.FAIL, None))
    context: Any = None

    assert stage.step.undo(context).log == ("done",)


# --- As one tries it ---


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with running(data=tmp_path_factory.mktemp("trial") / "data", port=port, emulators=False) as served:
        yield served


def call(served: Running, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {served.admin_token}"}
    answer = urllib3.request(method, f"{served.url}{ROOT}/{path}", json=body, headers=headers, retries=False)
    assert answer.status < 300, answer.data
    return answer.json()


def wait_until(served: Running, id: str, *statuses: str) -> Any:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        answer = urllib3.request(
            "GET",
            f"{served.url}{ROOT}/provisionings/{id}",
            headers={"Authorization": f"Bearer {served.admin_token}"},
        )
        if answer.status == 200 and answer.json()["status"] in statuses:
            return answer.json()
        time.sleep(0.05)
    raise AssertionError(f"{id} is not {statuses} after a minute")


def activate(served: Running, subdomain: str) -> str:
    body = {"store_name": "Trial", "owner_email": "o@example.com", "subdomain": subdomain}
    return call(served, "POST", "merchants/merchant-awesome/activate", body)["provisioning_id"]


def test_a_step_that_fails_once_is_tried_again(served: Running) -> None:
    """The log says that it was the switch, and the store goes live all the same."""
    call(served, "PUT", "local/faults", {"faults": [{"step": "create_workspace", "kind": "fail"}]})
    record = wait_until(served, activate(served, "trial-once"), "COMPLETED", "FAILED")

    assert record["status"] == "COMPLETED"
    assert any("SWITCHED_TO_FAIL" in line["message"] for line in record["log"])
    assert {step["name"]: step["attempts"] for step in record["steps"]}["create_workspace"] == 2
    assert call(served, "GET", "local/faults")["faults"] == []


def test_a_step_that_is_refused_says_what_to_do_and_a_retry_helps(served: Running) -> None:
    call(
        served,
        "PUT",
        "local/faults",
        {"faults": [{"step": "create_dashboard", "kind": "refuse", "times": None}]},
    )
    id = activate(served, "trial-refused")
    failed = wait_until(served, id, "FAILED", "COMPLETED")

    assert (failed["error"]["code"], failed["error"]["retryable"]) == ("SWITCHED_TO_REFUSE", True)
    assert "switch" in failed["error"]["action"]
    call(served, "PUT", "local/faults", {"faults": []})
    call(served, "POST", f"provisionings/{id}/retry")
    assert wait_until(served, id, "COMPLETED", "FAILED")["status"] == "COMPLETED"


def test_the_runtime_tells_the_portal_of_the_switch(served: Running) -> None:
    config = urllib3.request("GET", f"{served.url}/config.json").json()

    assert (config["faults"], config["runtime"], config["sign_in"]) == (True, "embedded", "local")
    assert read_settings({}).provisioning_runtime == config["runtime"]


def test_a_provisioning_is_followed_through_the_front_door(served: Running) -> None:
    """As the portal does: the stream comes while things happen, not when all is over."""
    began = time.monotonic()
    id = activate(served, "trial-followed")
    answer = urllib3.request(
        "GET",
        f"{served.url}{ROOT}/provisionings/{id}/events",
        headers={"Authorization": f"Bearer {served.admin_token}"},
        preload_content=False,
    )
    arrived = [time.monotonic() - began for part in answer.stream() if b"event: provisioning" in part]
    text = call(served, "GET", f"provisionings/{id}")

    assert text["status"] == "COMPLETED"
    assert len(arrived) >= 3
    assert arrived[-1] - arrived[0] > 0.1
