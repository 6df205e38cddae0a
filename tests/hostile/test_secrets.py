"""A secret stays where it belongs: planted in settings, headers, payloads and exceptions, it is in no log, document, message or page."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from provisioning import logs
from provisioning.errors import Misconfigured
from provisioning.local.database import open_database
from provisioning.local.events import created_event
from provisioning.settings import SECRETS, read_settings
from provisioning.workflow.records import Status
from tests.functions.conftest import Output
from tests.hostile.stage import CANARY, REQUEST, Stage, function, open_stage
from tests.hostile.test_messages import NOW, _enveloped, _step

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("secrets")) as stage:
        yield stage


class _Key(Exception):
    """An error of a library that puts all it knows into its text."""

    def __str__(self) -> str:
        return f"request failed: Authorization: Bearer {CANARY}"

    __repr__ = __str__


@pytest.mark.parametrize("call", ["get", "get_all", "query", "commit"])
def test_an_exception_that_carries_a_key(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], call: str
) -> None:
    """
    From whichever call it comes, at whichever function: its type and place are logged, its text nowhere.

    Of `activate_merchant` the framework prints the traceback, which is why what it raises says nothing.
    """
    output = Output()
    with output:
        _fail_everywhere(stage, monkeypatch, call)
    printed = output.text + "".join(capfd.readouterr())

    assert CANARY not in printed
    assert "_Key" in printed
    assert "RuntimeError: the request could not be accepted" in printed or "Traceback" not in printed


def _fail_everywhere(stage: Stage, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Let this call of the documents fail, ask every function for something, and look at what it answers."""

    def fail(*_: Any, **__: Any) -> Any:
        try:
            raise KeyError(CANARY)
        except KeyError as cause:
            raise _Key from cause

    stage.write_request("failing", REQUEST | {"subdomain": "failing"}) if call == "get" else None
    monkeypatch.setattr(type(stage.platform.ports.documents), call, fail)
    headers, body = created_event(
        "p", "(default)", "activation_requests/failing", {"x": CANARY}, created_at=NOW
    )
    answers = [
        stage.push("provision_step", _enveloped(_step())),
        stage.push("dead_letter", _enveloped(_step())),
        stage.push("sweep", b""),
        stage.push("collect", b""),
        Client(function("activate_merchant"), TestResponse).post(
            "/", data=body, headers=headers | {"Authorization": f"Bearer {CANARY}"}
        ),
        stage.api("GET", "provisionings"),
        stage.api("GET", "provisionings/p1"),
        stage.api("POST", "merchants/m1/activate", {name: REQUEST[name] for name in ("store_name", "owner_email")} | {"subdomain": "failing-too"}),
        stage.api("POST", "seed-defaults"),
    ]  # fmt: skip
    storefront = stage.raw("storefront", host="failing.localhost", headers={"Cookie": CANARY})
    monkeypatch.undo()
    stage.drop_all()

    assert storefront[0] in (404, 500, 503)
    assert CANARY.encode() not in storefront[1]
    assert any(answer.status_code in (500, 503) for answer in answers)
    for answer in answers:
        assert CANARY not in answer.get_data(as_text=True) + str(answer.headers)


def test_no_representation_holds_a_secret(stage: Stage) -> None:
    """Whatever somebody prints while looking for a mistake: settings, platform, ports, tokens and their errors."""
    platform = stage.platform
    things = [
        platform,
        platform.settings,
        platform.tokens,
        platform.ports,
        platform.engine,
        platform.ports.accounts,
    ]
    for thing in things:
        for text in (repr(thing), str(thing), f"{thing!r:>10}"):
            assert CANARY not in text, type(thing)
    with pytest.raises(Misconfigured) as wrong:
        read_settings({"SESSION_SECRET": CANARY[:5], "PUBLIC_PORT": CANARY, "SENDGRID_API_KEY": "x" * 501})
    assert CANARY not in str(wrong.value)
    assert CANARY[:5] not in str(wrong.value)


def test_every_secret_setting_is_known() -> None:
    """A setting whose name sounds like a secret is treated as one."""
    names = set(type(read_settings({})).model_fields)

    assert {name for name in names if re.search("secret|key|password|token", name)} == set(SECRETS)


FORGERIES = [
    '\n{"severity":"ERROR","message":"forged"}',
    "\r\nforged",
    "\u2028forged",
    '","severity":"ERROR","forged":"',
    "\x1b[2Jforged",
    "\x00forged",
]


@pytest.mark.parametrize("text", FORGERIES, ids=ascii)
def test_a_log_line_cannot_be_forged(stage: Stage, output: Output, text: str) -> None:
    """What reaches a log is one JSON object on one line, however hostile a value is; and from outside nothing reaches one."""
    logs.request_accepted(f"p{text}", text)
    logs.receiver_failed(text, text)
    ours = output.text.splitlines()[-2:]
    assert [json.loads(line)["event"] for line in ours] == ["request_accepted", "receiver_failed"]
    assert [json.loads(line)["severity"] for line in ours] == ["INFO", "WARNING"]
    before = len(output.text)

    stage.push("provision_step", _enveloped(_step(provisioning=f"p1{text}")))
    stage.push("dead_letter", json.dumps({"message": {"messageId": text, "data": "e30="}}).encode())
    stage.api("GET", f"provisionings/p1{text}".replace("\n", "%0A").replace("\r", "%0D"))
    stage.api("POST", "merchants/m1/activate", {"store_name": text, text: text})
    for line in output.text[before:].splitlines():
        assert "forged" not in line
        json.loads(line)


def test_an_address_with_a_token_is_not_logged(stage: Stage, output: Output) -> None:
    """Welcome links and previews stand in addresses: no function logs one."""
    for target in (f"/welcome?token={CANARY}", f"/?preview={CANARY}", f"/dashboard/stores/{CANARY}"):
        stage.raw("status", target=target)
        stage.raw(
            "storefront", host="nobody.localhost", target=target, headers={"Referer": f"http://x/{target}"}
        )

    assert CANARY not in output.text


def test_a_whole_activation_keeps_every_secret(stage: Stage, output: Output) -> None:
    """
    From request to welcome mail and resend: no secret, link or token in a document, message, attribute, log or page of the API.

    The link itself is in the mail and nowhere else.
    """
    record = stage.activate("whole", subdomain="whole-store", requested_by="u1")
    assert record.status == Status.COMPLETED, record.error
    assert stage.api("POST", "provisionings/whole/resend-welcome").status_code == 200
    mails = [file.read_text() for file in (stage.folder / "mail").glob("*.eml")]
    links = set(
        re.findall(
            r"welcome\?token=(?:3D)?([\w-]{20,})", "".join(mails).replace("=\n", "").replace("=3D", "=")
        )
    )
    assert len(links) == 2

    database = open_database(stage.folder / "documents.db")
    with database.reading() as view:
        kept = "".join(
            str(row) for table in ("documents", "deliveries") for row in view.rows(f"SELECT * FROM {table}")
        )
    database.close()
    pages = "".join(
        stage.api("GET", path).get_data(as_text=True)
        for path in (
            "provisionings",
            "provisionings/whole",
            "dead-letters?status=ALL",
            "merchants/m-whole/provisioning-status",
        )
    )
    for secret in (CANARY, stage.token, *links):
        assert secret not in kept + pages + output.text
    assert CANARY not in "".join(mails)
    assert REQUEST["owner_email"] not in output.text
    assert "o***@example.com" in output.text


def _deliver_until_over(stage: Stage, id: str) -> None:
    """Each event and message as it comes, again where it is refused, until the provisioning is over."""
    messages: Any = stage.platform.ports.messages
    give_up_at = time.monotonic() + 60
    while not (stage.documents().get(f"provisionings/{id}") and stage.provisioning(id).over):
        assert time.monotonic() < give_up_at, stage.provisioning(id)
        for delivery in messages.lease(1, 60.0):
            if stage._deliver(delivery) in (200, 204):
                messages.acknowledge(delivery.id)
            else:
                messages.postpone(delivery.id, 0.2)
        time.sleep(0.01)


def test_a_troubled_activation_keeps_every_secret(
    stage: Stage, output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Accounts and mail fail with errors that quote the key, the owner and the link; it goes on by itself, and is undone in the end.

    Real event bytes, real functions: nothing of it stands in a log, a dead letter, a provisioning or an answer.
    """
    owner, quoted = "canary.local.part", list[str]()
    ports = stage.platform.ports

    def failing_once(port: object, name: str) -> None:
        working = getattr(port, name)

        def fail(*given: Any, **more: Any) -> Any:
            monkeypatch.setattr(type(port), name, lambda _, *a, **k: working(*a, **k))
            quoted.append(repr(given))
            raise _Key(repr(given)) from KeyError(CANARY)

        monkeypatch.setattr(type(port), name, fail)

    failing_once(ports.accounts, "ensure_owner")
    failing_once(ports.mailer, "send")
    stage.write_request(
        "troubled",
        REQUEST
        | {"merchant_id": "m-troubled", "subdomain": "troubled", "owner_email": f"{owner}@example.com"},
    )
    _deliver_until_over(stage, "troubled")
    record = stage.provisioning("troubled")
    assert record.status == Status.COMPLETED, record.error
    assert len(quoted) == 2
    answers = [
        stage.api("POST", "provisionings/troubled/rollback", {"confirm": "troubled"}),
        stage.api("GET", "provisionings/troubled"),
        stage.api("GET", "dead-letters?status=ALL"),
    ]
    assert answers[0].status_code == 202, answers[0].get_data(as_text=True)
    _deliver_until_over(stage, "troubled")
    assert stage.provisioning("troubled").status == Status.ROLLED_BACK

    links = set(re.findall(r"token=([\w-]{20,})", "".join(quoted)))
    assert links, "the mail that was refused held a link"
    shown = "".join(answer.get_data(as_text=True) + str(answer.headers) for answer in answers)
    kept = "".join(stage.documents().values())
    for secret in (CANARY, stage.token, *links):
        assert secret not in output.text + shown + kept
    assert output.text.count("step_crashed") >= 2
    ours = [
        text
        for path, text in stage.documents().items()
        if path.startswith(("provisionings/", "dead_letters/"))
    ]
    assert owner not in output.text + "".join(ours)


@pytest.mark.parametrize(
    "path",
    [
        "/.env", "/.git/HEAD", "/main.py", "/static/main.py", "/functions/status/main.py", "/debug", "/console",
        "/metrics", "/env", "/_ah/health", "/__debug__", "/server-status", "/api/provisioning/settings", "/runtime.env",
        "/swagger.json", "/api/provisioning/openapi.json", "/healthz",
    ],
)  # fmt: skip
def test_nothing_of_the_process_is_served(stage: Stage, output: Output, path: str) -> None:
    """No file, variable or state of a function can be asked for, by an administrator or at a store's host."""
    answers = [stage.api("GET", path).get_data(as_text=True)]
    answers += [
        stage.raw("storefront", host=host, target=path)[1].decode()
        for host in ("whole-store.localhost", "x.localhost")
    ]
    for text in answers:
        assert CANARY not in text
        assert "SESSION_SECRET" not in text
        assert not re.search(r"^(?:import|from) \w", text, re.MULTILINE)
        assert str(stage.folder) not in text


def test_no_secret_is_committed() -> None:
    """Nothing that looks like a key of the services that we use stands in a committed file."""
    patterns = r"(SG\.[A-Za-z0-9_-]{20,}|sk_live_[A-Za-z0-9]{16,}|AIza[0-9A-Za-z_-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----\s)"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = [
        name
        for name in listed.stdout.decode().split("\0")
        if name
        and (REPOSITORY / name).is_file()
        and re.search(patterns.encode(), (REPOSITORY / name).read_bytes())
    ]

    assert found == []
