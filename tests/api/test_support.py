"""What a roll back would undo, and the bundle for the platform team."""

from __future__ import annotations

import pytest

from provisioning.ports import Create, Update
from provisioning.workflow.definition import ACTIVATION
from provisioning.workflow.records import Status
from tests.api.world import Api, code_of


def test_shows_what_a_roll_back_would_undo(api: Api) -> None:
    """From the step that may be half done backwards; what never began is not named."""
    api.add_provisioning()

    shown = api.get("provisionings/p1/undo").json
    assert [step["step"] for step in shown["steps"]] == ["second", "first"]
    assert shown["needs_confirmation"] is False


def test_a_live_store_needs_a_confirmation(api: Api) -> None:
    api.add_provisioning(status=Status.COMPLETED, error=None, current_step=None)

    assert api.get("provisionings/p1/undo").json["needs_confirmation"] is True


def test_what_is_shown_is_what_is_undone(api: Api) -> None:
    api.add_provisioning(current_step="first")
    shown = [step["step"] for step in api.get("provisionings/p1/undo").json["steps"]]
    undone = api.post("provisionings/p1/rollback").json

    assert shown == ["first"]
    assert undone["current_step"] == "first"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": Status.ROLLED_BACK, "error": None}, "NOT_UNDOABLE"),
        ({"current_step": None}, "NOTHING_TO_UNDO"),
        ({"current_step": "of-another-version"}, "UNKNOWN_STEP"),
    ],
)
def test_refused_as_the_roll_back_would_be(api: Api, changes: dict[str, object], code: str) -> None:
    api.add_provisioning(**changes)

    assert code_of(api.get("provisionings/p1/undo")) == (409, code)
    assert code_of(api.post("provisionings/p1/rollback")) == (409, code)


def test_each_step_of_an_activation_says_what_undoing_it_does() -> None:
    assert all(step.undoing for step in ACTIVATION.steps)


def test_a_bundle_holds_the_story_and_no_secret(api: Api) -> None:
    """Every answer is searched for secrets by the caller; here the owner's whole address, too."""
    api.documents.commit(
        [Create("activation_requests/p1", {"owner_email": "avery@example.com", "store_name": "Awesome"})]
    )
    api.add_provisioning()
    api.documents.commit(
        [
            Update(
                "provisionings/p1",
                {"engine": dict(api.data("provisionings/p1")["engine"]) | {"owner": "t-inside"}},
            )
        ]
    )
    trace = "105445aa7843bc8bf206b12000100000"

    answer = api.get("provisionings/p1/support-bundle", X_Cloud_Trace_Context=f"{trace}/1;o=1")
    bundle = answer.json

    assert "avery@example.com" not in answer.get_data(as_text=True)
    assert bundle["request"] == {"owner_email": "a***@example.com", "store_name": "Awesome"}
    assert bundle["provisioning"]["error"]["code"] == "UNAVAILABLE"
    assert (bundle["engine"]["epoch"], bundle["engine"]["owned"]) == (1, True)
    assert not {"owner", "refs", "effects", "commit_token"} & bundle["engine"].keys()
    assert bundle["trace"] == trace
    assert bundle["versions"]["runtime"] == "embedded"
    assert [event["what"] for event in bundle["timeline"]] == ["requested"]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_trace_is_an_id_or_nothing(api: Api) -> None:
    """What somebody else wrote into the header is not handed on."""
    api.add_provisioning()
    answer = api.get("provisionings/p1/support-bundle", X_Cloud_Trace_Context="<script>")

    assert answer.json["trace"] is None
    parent = "00-105445aa7843bc8bf206b12000100000-0000000000000001-01"
    again = api.get("provisionings/p1/support-bundle", Traceparent=parent)
    assert again.json["trace"] == "105445aa7843bc8bf206b12000100000"


def test_what_was_asked_for_can_be_asked_for_again(api: Api) -> None:
    """The answers as they were sent, right or wrong; nothing of who asked, nor of what the platform wrote beside them."""
    asked = {"store_name": "Awesome Store", "subdomain": "A wrong one", "integrations": {"stripe": True}}
    document = asked | {"merchant_id": "m1", "requested_by": "somebody", "picked_up": True}
    api.documents.commit([Create("activation_requests/p1", document)])

    assert api.get("provisionings/p1/request").json == {"request": asked}
    assert code_of(api.get("provisionings/p2/request")) == (404, "NOT_FOUND")
