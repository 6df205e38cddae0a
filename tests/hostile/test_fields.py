"""Every hostile value of a field, on every surface where it can arrive: refused in its own words, nothing left, nothing repeated."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from provisioning import cli
from provisioning.api.problems import CONTENT_TYPE
from provisioning.workflow.records import Status
from tests.functions.conftest import Output
from tests.hostile.inputs import FIELDS, Field, Surface
from tests.hostile.stage import CANARY, REQUEST, Stage, changed

_numbers = count(1)
_MERCHANTS_FIELDS = {"store_name": "name", "owner_email": "owner_email"}
_CHOICES = ("subdomain", "theme", "plan", "category")
_OPTIONS = {
    "merchant_id": "--merchant",
    "store_name": "--store-name",
    "owner_email": "--email",
    **{name: f"--{name.replace('_', '-')}" for name in (*_CHOICES, "launch", "custom_domain")},
}


def _can_arrive(row: Field, surface: Surface) -> bool:
    if surface not in row.where:
        return False
    if surface is Surface.MERCHANT:
        return row.name in _MERCHANTS_FIELDS or row.name in _CHOICES
    if surface is Surface.OPTION:
        # No command line holds NUL.
        return row.name in _OPTIONS and isinstance(row.value, str) and "\x00" not in row.value
    return True


def _rows(surface: Surface) -> list[Any]:
    return [pytest.param(row, id=row.id) for row in FIELDS if _can_arrive(row, surface)]


@pytest.fixture
def request_id() -> Iterator[str]:
    yield f"r{next(_numbers)}"


def _own(row: Field, request_id: str) -> dict[str, Any]:
    """A request of which only the row's field is hostile, and whose names nobody else has."""
    honest = REQUEST | {"merchant_id": f"m-{request_id}", "subdomain": f"own-{request_id}"}
    return honest | {row.name: row.value}


def _is_told(row: Field, text: str) -> bool:
    """Whether `text` repeats the value; short and reserved ones stand in our own sentences."""
    value = row.value
    if not isinstance(value, str) or len(value) < 5 or row.code in ("RESERVED", None):
        return False
    return value[:200] in text or ascii(value)[1:-1][:200] in text


# --- The API -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", _rows(Surface.API))
def test_api(stage: Stage, output: Output, request_id: str, row: Field) -> None:
    """422 with the field's code (or 400 for the whole body, or 202), and nothing else happens."""
    body = {name: value for name, value in _own(row, request_id).items() if name != "merchant_id"}
    before = stage.everything()
    answer = stage.api("POST", f"merchants/m-{request_id}/activate", body)
    text = answer.get_data(as_text=True)
    stage.drop_all()

    if row.code is None:
        assert answer.status_code == 202, text
        return
    assert (answer.status_code, answer.json["code"]) == (row.api or (422, "INVALID_INPUT"))
    assert answer.content_type == CONTENT_TYPE
    if row.api is None:
        assert row.code in [error["code"] for error in answer.json["errors"]], answer.json["errors"]
        assert len({error["field"] for error in answer.json["errors"]}) == 1
    assert changed(before, stage.everything()) == set()
    assert not _is_told(row, text + str(answer.headers) + output.text)
    assert CANARY not in text + str(answer.headers)


@pytest.mark.parametrize("row", _rows(Surface.MERCHANT))
def test_saved_choices(stage: Stage, output: Output, request_id: str, row: Field) -> None:
    """What the portal's sign-up wrote into a merchant is checked before it becomes a request."""
    if row.name in _MERCHANTS_FIELDS:
        stage.write_merchant(request_id, **{_MERCHANTS_FIELDS[row.name]: row.value})
    else:
        stage.write_merchant(request_id, saved_choices={row.name: row.value})
    before = stage.everything()
    answer = stage.api("POST", "/provision/store", {"tenantId": request_id})
    text = answer.get_data(as_text=True)
    stage.drop_all()

    if row.code is None:
        assert answer.status_code == 202, text
        return
    assert (answer.status_code, answer.json["code"]) == (422, "INVALID_INPUT")
    assert row.code in [error["code"] for error in answer.json["errors"]], answer.json["errors"]
    assert changed(before, stage.everything()) == set()
    assert not _is_told(row, text + output.text)


# --- The document ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", _rows(Surface.DOCUMENT))
def test_activation_request(stage: Stage, output: Output, request_id: str, row: Field) -> None:
    """FAILED with one problem for the field, where the person looks; nothing is made, sent or filed, and no value comes back."""
    data = _own(row, request_id) | {"store_id": f"s-{request_id}", "picked_up": False}
    data |= {row.name: row.value}
    stage.write_request(request_id, data)
    before = stage.everything()
    stage.deliver_one()
    stage.drop_all()
    record = stage.provisioning(request_id)

    if row.code is None:
        assert record.status == Status.PENDING, record.error
        return

    assert record.status == Status.FAILED
    assert record.error is not None
    assert (record.error.code, record.error.retryable) == ("INVALID_REQUEST", False)
    assert [problem.code for problem in record.error.fields] == [row.code]
    assert record.engine.wake_at is None
    assert {name for name in changed(before, stage.everything()) if not name.startswith("message ")} == {
        f"provisionings/{request_id}",
        f"activation_requests/{request_id}",
    }
    assert not _is_told(row, stage.documents()[f"provisionings/{request_id}"] + output.text)


# --- The command line --------------------------------------------------------------------------------------


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """`provisioning …` as the shell calls it; its exit code."""
    monkeypatch.setattr(sys, "argv", ["provisioning", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def _begin(data: Path, row: Field) -> None:
    """What is refused is refused before anybody looks for a runtime; what is accepted needs one."""
    if row.code is None:
        data.mkdir()


def _check_command(row: Field, status: int, printed: str, data: Path) -> None:
    if row.code is None:
        assert status == 0, printed
        return
    assert status == (1 if row.api == (400, "NOT_JSON") and "cannot be read as JSON" in printed else 2), (
        printed
    )
    assert status == 1 or f"({row.code})" in printed
    assert printed.count("\n") <= 3
    assert "Traceback" not in printed
    assert not _is_told(row, printed)
    assert not data.exists()


@pytest.mark.parametrize("row", _rows(Surface.FILE))
def test_command_line_with_a_file(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request_id: str,
    row: Field,
) -> None:
    """Exit code 2, a line for the field, and no data folder is even opened."""
    file, data = tmp_path / "request.json", tmp_path / "data"
    file.write_text(json.dumps(_own(row, request_id)))
    _begin(data, row)
    status = _run(monkeypatch, "activate", str(file), "--data", str(data))

    _check_command(row, status, "".join(capfd.readouterr()), data)


@pytest.mark.parametrize("row", _rows(Surface.OPTION))
def test_command_line_with_options(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request_id: str,
    row: Field,
) -> None:
    """The same for a value that stands on the command line itself."""
    data = tmp_path / "data"
    honest = {name: value for name, value in REQUEST.items() if name != row.name}
    given = [f"{_OPTIONS[name]}={value}" for name, value in (honest | {row.name: row.value}).items()]
    _begin(data, row)
    status = _run(monkeypatch, "activate", *given, "--data", str(data))

    _check_command(row, status, "".join(capfd.readouterr()), data)
