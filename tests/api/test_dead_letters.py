"""Dead letters: listed without their payload, replayed, closed."""

from __future__ import annotations

from datetime import timedelta

from provisioning.ports import Update
from provisioning.workflow.dead_letters import KEPT_BYTES, file_unreadable, letter_id
from provisioning.workflow.records import Status, write_provisioning
from tests.api.world import EARLIER, Api, code_of, failed_provisioning


def _file(api: Api, data: bytes = b'{"payload": "p-inside"', number: int = 1) -> str:
    return file_unreadable(
        api.documents,
        code="NOT_JSON",
        title="The message is not JSON",
        data=data,
        message_id=str(number),
        now=EARLIER + timedelta(minutes=number),
    )


def _exhaust(api: Api) -> str:
    """A provisioning whose step ran out of attempts, with its letter."""
    from provisioning.workflow.dead_letters import exhausted

    id = letter_id("p1", 1, 0)
    record = failed_provisioning()
    record = record.model_copy(update={"engine": record.engine.model_copy(update={"dead_letter": id})})
    api.add_provisioning(engine=record.engine)
    assert record.error
    api.documents.commit([exhausted(id, "p1", record, record.error, EARLIER)])
    return id


def test_open_ones_are_listed_newest_first(api: Api) -> None:
    """Closed ones only when they are asked for; the message itself never."""
    ids = [_file(api, number=number) for number in (1, 2, 3)]
    api.post(f"dead-letters/{ids[1]}/close")
    listed = api.get("dead-letters")

    assert [letter["id"] for letter in listed.json["items"]] == [ids[2], ids[0]]
    assert "inside" not in listed.get_data(as_text=True)
    assert "cGF5bG9hZ" not in listed.get_data(as_text=True)
    assert [letter["id"] for letter in api.get("dead-letters?status=CLOSED").json["items"]] == [ids[1]]
    assert len(api.get("dead-letters?status=ALL").json["items"]) == 3


def test_list_comes_in_pages(api: Api) -> None:
    ids = [_file(api, number=number) for number in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = api.get(f"dead-letters?limit=2{cursor}").json
        seen += [letter["id"] for letter in page["items"]]
        if not page["next_cursor"]:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == ids[::-1]


def test_message_is_published_again_as_it_was(api: Api) -> None:
    """The same bytes on the steps' topic; then the letter is REPLAYED, in the name of who asked."""
    api.add_provisioning(status=Status.IN_PROGRESS, error=None)
    sent = b'{"hop": 0, "epoch":1, "provisioning":"p1", "schema": 1}'
    id = _file(api, sent)
    answer = api.post(f"dead-letters/{id}/replay")

    assert (answer.json["status"], answer.json["closed_by"]) == ("REPLAYED", "admin:boss")
    messages = api.platform.ports.messages
    assert [delivery.data for delivery in messages.lease(10, 60)] == [sent]
    assert [entry["subject"] for entry in api.audit("dead_letter.replayed")] == [f"dead_letters/{id}"]


def test_step_out_of_attempts_is_retried(api: Api) -> None:
    """Its provisioning goes on in a new epoch, and the letter is closed by that."""
    id = _exhaust(api)
    answer = api.post(f"dead-letters/{id}/replay")

    assert answer.json["status"] == "CLOSED"
    assert api.data("provisionings/p1")["status"] == "IN_PROGRESS"
    assert len(api.audit("dead_letter.replayed")) == len(api.audit("provisioning.retry")) == 1


def test_letter_that_was_overtaken_is_closed(api: Api) -> None:
    """Its provisioning has gone on without it: nothing is retried."""
    id = _exhaust(api)
    api.documents.commit([Update("provisionings/p1", write_provisioning(failed_provisioning()))])

    assert api.post(f"dead-letters/{id}/replay").json["status"] == "CLOSED"
    assert api.data("provisionings/p1")["status"] == "FAILED"


def test_halted_roll_back_is_not_replayed(api: Api) -> None:
    id = _exhaust(api)
    api.documents.commit([Update("provisionings/p1", {"status": str(Status.ROLLBACK)})])

    assert code_of(api.post(f"dead-letters/{id}/replay")) == (409, "HALTED")


def test_message_that_was_not_kept_cannot_be_replayed(api: Api) -> None:
    id = _file(api, b"x" * (KEPT_BYTES + 1))

    assert api.get("dead-letters").json["items"][0]["replayable"] is False
    assert code_of(api.post(f"dead-letters/{id}/replay")) == (409, "NOT_KEPT")


def test_closed_once(api: Api) -> None:
    """Nobody closes or replays what is closed; there is one audit entry."""
    id = _file(api)
    closed = api.post(f"dead-letters/{id}/close")

    assert (closed.json["status"], closed.json["closed_by"]) == ("CLOSED", "admin:boss")
    assert code_of(api.post(f"dead-letters/{id}/close")) == (409, "NOT_OPEN")
    assert code_of(api.post(f"dead-letters/{id}/replay")) == (409, "NOT_OPEN")
    assert len(api.audit("dead_letter.closed")) == 1


def test_unknown_letter(api: Api) -> None:
    assert code_of(api.post("dead-letters/nothing/close")) == (404, "NOT_FOUND")
    assert code_of(api.post("dead-letters/nothing/replay")) == (404, "NOT_FOUND")


def test_one_is_shown(api: Api) -> None:
    """Without the message, as in the list."""
    id = _file(api)
    shown = api.get(f"dead-letters/{id}")

    assert (shown.json["id"], shown.json["code"], shown.json["status"]) == (id, "NOT_JSON", "OPEN")
    assert "inside" not in shown.get_data(as_text=True)
    assert code_of(api.get("dead-letters/nothing")) == (404, "NOT_FOUND")
