"""Whole bodies that are no honest JSON, at every door that reads any."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from provisioning import cli
from provisioning.api.calls import Endpoint
from provisioning.api.endpoints import ENDPOINTS
from provisioning.api.openapi import EXAMPLES
from tests.functions.conftest import Output
from tests.hostile.inputs import BODIES, SEGMENTS, Body
from tests.hostile.stage import CANARY, JSON, Stage, changed

WITH_BODY = [endpoint for endpoint in ENDPOINTS if endpoint.body]
WITH_PATH = [endpoint for endpoint in ENDPOINTS if "{" in endpoint.path]
#: These would hold the same for every endpoint, and are large.
LARGE = [body for body in BODIES if len(body.data) > 1_000_000]
SMALL = [body for body in BODIES if body not in LARGE]


def _address(endpoint: Endpoint, segment: str | None = None) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: segment or EXAMPLES[name[1]], endpoint.path)


def _unharmed(stage: Stage, before: dict[str, str]) -> bool:
    stage.drop_all()
    return changed(before, stage.everything()) == set()


@pytest.fixture(autouse=True)
def _things_to_change(stage: Stage) -> None:
    """A theme and a plan of the addresses' names are there; so is a merchant. Nothing is refused because it is not found."""
    if "merchants/merchant-awesome" not in stage.documents():
        stage.write_merchant("merchant-awesome")


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=lambda endpoint: endpoint.name)
def test_every_endpoint_refuses_what_is_no_honest_json(
    stage: Stage, output: Output, endpoint: Endpoint
) -> None:
    """4xx with a code that is documented, and nothing done; one after the other, as from one angry client."""
    before = stage.everything()
    for body in SMALL:
        answer = stage.api(endpoint.method, _address(endpoint), body.data)
        told = answer.get_data(as_text=True)

        # Where the provisioning does not exist that may be said first.
        assert (answer.status_code, answer.json["code"]) in (
            body.api,
            (404, "NOT_FOUND"),
            (404, "NO_PROVISIONING"),
        ), body.id
        assert CANARY not in told + str(answer.headers)
    assert _unharmed(stage, before)


@pytest.mark.parametrize("body", LARGE, ids=lambda body: body.id)
def test_a_body_without_end(stage: Stage, output: Output, body: Body) -> None:
    """413 before it is read, however large it says it is."""
    answer = stage.api("POST", "merchants/m1/activate", body.data)
    said = stage.api("POST", "merchants/m1/activate", b"{}", environ={"CONTENT_LENGTH": str(10**12)})

    assert (answer.status_code, answer.json["code"]) == body.api
    assert (said.status_code, said.json["code"]) == body.api


@pytest.mark.parametrize(
    ("number", "headers"),
    [
        (104, {"Content-Type": "text/html"}),
        (104, {"Content-Type": "application/x-www-form-urlencoded"}),
        (104, {"Content-Type": "multipart/form-data; boundary=x"}),
        (104, {"Content-Type": "application/json; charset=utf-16"}),
        (104, {"Content-Type": "application/json\x00"}),
        (104, {"Content-Type": ""}),
        (104, {"Content-Encoding": "gzip"}),
        (104, {"Transfer-Encoding": "chunked"}),
        (19, {"X-Forwarded-Host": "evil.example\tX"}),
        (44, {"Accept": "<script>"}),
        (130, {"Idempotency-Key": ""}),
        (130, {"Idempotency-Key": " "}),
        (130, {"Idempotency-Key": "x" * 201}),
        (130, {"Idempotency-Key": "\xff\x00"}),
        (130, {"Idempotency-Key": "k\u00e9y"}),
    ],
)
def test_headers_that_lie(stage: Stage, output: Output, number: int, headers: dict[str, str]) -> None:
    """What a header says of a body may be wrong: refused or ignored, never a failure of ours."""
    before = stage.everything()
    answer = stage.api("POST", "merchants/m1/activate", b'{"store_name": "\xff"}', headers)

    assert answer.status_code in (400, 413, 415, 422), number
    assert _unharmed(stage, before)


@pytest.mark.parametrize("length", ["-1", "x", "", "1e3", "9" * 5_000, "\u0661"])
def test_lengths_that_lie(stage: Stage, output: Output, length: str) -> None:
    """A body whose length nobody can tell is none, or too large."""
    before = stage.everything()
    answer = stage.api("POST", "merchants/m1/activate", b"{}", environ={"CONTENT_LENGTH": length})

    assert answer.status_code in (400, 413, 422)
    assert _unharmed(stage, before)


@pytest.mark.parametrize("endpoint", WITH_PATH, ids=lambda endpoint: endpoint.name)
def test_segments_that_are_no_ids(stage: Stage, output: Output, endpoint: Endpoint) -> None:
    """Each is unknown or refused wherever an id belongs, and leads to no other document."""
    before = stage.everything()
    body = json.dumps(endpoint.example).encode() if endpoint.example else None
    headers = {"Content-Type": endpoint.takes[0]} if endpoint.takes else None
    for number, segment in SEGMENTS:
        answer = stage.api(endpoint.method, _address(endpoint, segment), body, headers)
        told = answer.get_data(as_text=True)

        # Whether a label may be an address is a question, not a request: it is answered.
        allowed = (200, 404) if endpoint.name == "check_host" else (404, 405, 422)
        assert answer.status_code in allowed, (number, segment, told)
        if answer.status_code == 200:
            assert answer.json["available"] is False
        assert CANARY not in told + str(answer.headers)
        assert "<script>" not in told
        assert segment not in told or len(segment) < 4
    assert _unharmed(stage, before)


@pytest.mark.parametrize("body", SMALL, ids=lambda body: body.id)
def test_command_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, body: Body
) -> None:
    """A file of it is refused in a line or a few, before any data folder is opened."""
    file, data = tmp_path / "request.json", tmp_path / "data"
    file.write_bytes(body.data)
    monkeypatch.setattr(sys, "argv", ["provisioning", "activate", str(file), "--data", str(data)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = "".join(capfd.readouterr())

    assert ended.value.code == (2 if body.readable else 1)
    assert body.readable or "JSON" in printed
    assert "Traceback" not in printed
    assert printed.count("\n") <= 6
    assert not data.exists()


@pytest.mark.parametrize("segment", ["a/b", "..", "__x__", "", "x" * 1501, "a\nb", "\udcff"])
@pytest.mark.parametrize("command", ["status", "retry", "rollback", "replay"])
def test_command_line_ids(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    segment: str,
) -> None:
    """An id that is none is named as such; it reaches no path."""
    monkeypatch.setattr(sys, "argv", ["provisioning", command, segment, "--data", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = "".join(capfd.readouterr())

    assert ended.value.code == 2
    assert "Traceback" not in printed
    assert "INVALID_ID" in printed


@pytest.mark.parametrize(
    "address", ["nobody", "a@b.c\r\nBcc: d@e.f", "\udcff@example.com", "a@example.com,b@example.com"]
)
def test_command_line_admins(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """No account is made for what is no address."""
    monkeypatch.setattr(sys, "argv", ["provisioning", "admins", "grant", address, "--data", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = "".join(capfd.readouterr())

    assert ended.value.code == 2
    assert "NOT_AN_EMAIL" in printed
    assert "Traceback" not in printed


def test_json_is_the_only_type(stage: Stage) -> None:
    """The honest neighbour of all these is accepted."""
    body = {"store_name": "Neighbour", "owner_email": "n@example.com", "subdomain": "honest-neighbour"}
    answer = stage.api("POST", "merchants/m1/activate", json.dumps(body).encode(), JSON)
    stage.drop_all()

    assert answer.status_code == 202


def test_a_key_is_one_merchants_and_a_key(stage: Stage) -> None:
    """A short or binary key is none; the same one of another merchant is another request, and tells nothing of the first."""
    body = {"store_name": "Keyed", "owner_email": "k@example.com", "subdomain": "keyed-store"}
    first = stage.api("POST", "merchants/k1/activate", body, {"Idempotency-Key": "same-key"})
    other = stage.api("POST", "merchants/k2/activate", body, {"Idempotency-Key": "same-key"})
    changed_body = stage.api(
        "POST", "merchants/k1/activate", body | {"plan": "starter"}, {"Idempotency-Key": "same-key"}
    )
    stage.drop_all()

    assert (first.status_code, other.status_code) == (202, 202)
    assert first.json["provisioning_id"] != other.json["provisioning_id"]
    assert (changed_body.status_code, changed_body.json["code"]) == (409, "KEY_REUSED")
    assert "same-key" not in changed_body.get_data(as_text=True)
