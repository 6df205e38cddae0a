"""docs/firestore.md tells the truth: compared with the code, and with the documents of a runtime that has really run."""

from __future__ import annotations

import ast
import json
import re
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tools.document_firestore import PAGE, document_fields, read_described

from provisioning.errors import WrongState
from provisioning.media.library import add_picture
from provisioning.ports import Query, Update
from provisioning.serving import Running, running
from provisioning.sites.store_themes import publish_draft, save_draft
from provisioning.stores.activation import parse_activation
from provisioning.stores.stores import StoreStatus, check_transition
from provisioning.stores.welcome import request_new_link
from provisioning.themes.choices import Customisation
from provisioning.workflow.definition import ACTIVATION
from provisioning.workflow.records import (
    Problem,
    Provisioning,
    Status,
    StepRecord,
    StepStatus,
    read_provisioning,
    write_provisioning,
)
from provisioning.workflow.requests import submit
from tests.media.pictures import quartered, saved

from .pages import ROOT, code_words, fences, headings, section, table_cells

TEXT = PAGE.read_text(encoding="utf-8")
SOURCES = ROOT / "src" / "provisioning"
FINISH_SECONDS = 60.0

# --- What a runtime really writes ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every document, by its path, after a store was made with everything that can be asked for, and after things went wrong."""
    data = tmp_path_factory.mktemp("runtime")
    with running(data=data, port=_free_port(), emulators=False) as served:
        _activate(served, "good", subdomain="good-store")
        _activate(served, "bad", subdomain="bad_store!")
        _await(served, "good", Status.COMPLETED)
        _await(served, "bad", Status.FAILED)
        _ask_for_new_link(served)
        _change_the_catalogue(served)
        _add_a_picture(served)
        _work_on_the_theme(served)
        _until(lambda: any(path.startswith("publications/") for path, _ in _documents(data)))
        served.platform.ports.messages.publish(served.platform.settings.step_topic, b"nobody can read this")
        _until(lambda: any(path.startswith("dead_letters/") for path, _ in _documents(data)))
    return dict(_documents(data))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _activate(served: Running, id: str, *, subdomain: str) -> None:
    request = parse_activation(
        {
            "merchant_id": f"merchant-{id}",
            "store_name": f"The {id} store",
            "owner_email": f"{id}@example.com",
            "subdomain": "a-valid-one",
            "custom_domain": f"{id}.example.com",
            "integrations": {"stripe": True, "paypal": True, "meta_ads": True, "analytics": True},
            "launch": "immediately",
        },
        id,
    )
    submit(served.platform.ports.documents, request.model_copy(update={"subdomain": subdomain}), id)


def _await(served: Running, id: str, status: Status) -> None:
    def ended() -> bool:
        data = served.platform.ports.documents.get(f"provisionings/{id}").data
        return data is not None and data["status"] == status

    _until(ended)


def _ask_for_new_link(served: Running) -> None:
    ports = served.platform.ports
    now = ports.documents.get("sweeps/clock").read_time
    request_new_link(
        ports.documents, ports.mailer, ports.accounts, served.platform.addresses, "good@example.com", now
    )


def _change_the_catalogue(served: Running) -> None:
    ports = served.platform.ports
    (product, *_) = ports.documents.query(Query("tenants/good/products", limit=1))
    ports.documents.commit([Update(product.path, {"title": "Another title"})])


def _add_a_picture(served: Running) -> None:
    ports = served.platform.ports
    picture = saved(quartered(64, 48))
    add_picture(ports.documents, ports.files, "good", picture, alt="Four colours", actor="admin:a1")


def _work_on_the_theme(served: Running) -> None:
    documents, chosen = served.platform.ports.documents, Customisation(preset="pine")
    save_draft(documents, served.platform.ports.files, "good", "upfront-modern", chosen, actor="admin:a1")
    publish_draft(documents, served.platform.ports.files, "good", "upfront-modern", actor="admin:a1")
    save_draft(
        documents, served.platform.ports.files, "good", "upfront-modern", Customisation(), actor="admin:a1"
    )


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + FINISH_SECONDS
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def _documents(data: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """All of them, whatever the ports would show."""
    connection = sqlite3.connect(f"file:{data / 'documents.db'}?mode=ro", uri=True)
    try:
        for collection, id, text in connection.execute("SELECT collection, id, data FROM documents"):
            yield f"{collection}/{id}", json.loads(text)
    finally:
        connection.close()


def _described_paths() -> dict[str, str]:
    """The shape of each document, by its path with names in braces: headings with a slash, and the table that follows."""
    found = re.findall(
        r"^#+ (\S+/\S+)\n(?:(?!^#).)*?<!-- fields of (\w+) -->", TEXT, re.DOTALL | re.MULTILINE
    )
    return dict(found)


def _shape_of(path: str) -> str | None:
    """The table that describes this document; a heading without names in braces wins."""
    for pattern, shape in sorted(_described_paths().items(), key=lambda item: item[0].count("{")):
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(pattern)), path):
            return shape
    return None


def test_every_document_is_described(stored: dict[str, dict[str, Any]]) -> None:
    """No document is written that the page does not know."""
    assert [path for path in stored if _shape_of(path) is None] == []


def test_every_described_document_is_written(stored: dict[str, dict[str, Any]]) -> None:
    """The page describes no document that the platform does not write."""
    written = {_shape_of(path) for path in stored}

    assert set(_described_paths().values()) - written == set()


def test_documents_have_the_described_fields(stored: dict[str, dict[str, Any]]) -> None:
    """Each document has every field of its table, and no other."""
    described = read_described()
    wrong = {
        path: set(data) ^ document_fields(described[_shape_of(path)])
        for path, data in stored.items()
        if set(data) != document_fields(described[_shape_of(path)])
    }

    assert wrong == {}


def test_checks_of_the_receipt_are_described(stored: dict[str, dict[str, Any]]) -> None:
    """A receipt's entries have the described fields, and the checks are those that the page names."""
    receipt = stored["provisionings/good"]["receipt"]
    about = read_described()["Check"]["more"]

    assert {frozenset(check) for check in receipt} == {frozenset(about)}
    assert [check["check"] for check in receipt] == re.findall(r"`(\w+)`", about["check"]["type"])


def test_the_page_names_the_links(stored: dict[str, dict[str, Any]]) -> None:
    """The addresses in `links` have the names that the page gives."""
    said = code_words(read_described()["Provisioning"]["fields"]["links"])

    assert set(stored["provisionings/good"]["links"]) == said == {"website", "dashboard"}


def test_the_page_names_the_actions(stored: dict[str, dict[str, Any]]) -> None:
    """Every action in the audit log is on the page."""
    done = {data["action"] for path, data in stored.items() if path.startswith("audit_log/")}

    assert done
    assert done <= code_words(section(TEXT, "## audit_log/{id}"))


def test_the_page_names_the_tasks(stored: dict[str, dict[str, Any]]) -> None:
    """Every task that a request can ask for is on the page, and no other."""
    tasks = {data["name"] for path, data in stored.items() if "/tasks/" in path}

    assert tasks == code_words(read_described()["Task"]["fields"]["name"])


def test_all_documents_stand_in_the_overview() -> None:
    """The table at the top leads to every top-level document."""
    top = {heading for heading in headings(TEXT) if re.fullmatch(r"[a-z_]+/\{\w+\}", heading)}

    assert {word for word in code_words(section(TEXT, "## All documents")) if "/{" in word} == top


# --- States ----------------------------------------------------------------------------------------------


def _edges(diagram: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^\s+([A-Z_]+) --> ([A-Z_]+)", diagram, re.MULTILINE))


def _diagram(heading: str) -> str:
    (diagram,) = (fence.text for fence in fences(section(TEXT, heading)) if fence.info == "mermaid")
    return diagram


def _allowed(old: StoreStatus, new: StoreStatus) -> bool:
    try:
        check_transition(old, new)
    except WrongState:
        return False
    return True


def test_the_diagram_of_a_store_shows_what_is_allowed() -> None:
    """Exactly the changes that `check_transition` lets pass."""
    allowed = {(str(old), str(new)) for old in StoreStatus for new in StoreStatus if _allowed(old, new)}

    assert _edges(_diagram("### A store")) == allowed


@pytest.mark.parametrize(("heading", "states"), [("### A provisioning", Status), ("### A step", StepStatus)])
def test_the_diagrams_name_every_state(heading: str, states: type[Status] | type[StepStatus]) -> None:
    """Every state that exists, and no other."""
    shown = set(re.findall(r"\b[A-Z_]{4,}\b", _diagram(heading)))

    assert shown == {str(state) for state in states}


def test_the_steps_are_those_of_the_definition() -> None:
    """Names and percentages in the text are the workflow's, in its order."""
    said = re.findall(r"`(\w+)` \((\d+) %\)", section(TEXT, "### StepRecord"))

    assert said == [(step.name, str(step.percent)) for step in ACTIVATION.steps]


# --- Examples --------------------------------------------------------------------------------------------


def _examples(kind: str) -> list[dict[str, Any]]:
    return [json.loads(fence.text) for fence in fences(TEXT) if fence.info == f"json {kind}"]


def test_the_example_of_a_request_is_accepted() -> None:
    """It passes the check that every request has to pass."""
    (example,) = _examples("activation_request")

    assert parse_activation(example, "a41f").store_id == "a41f"


def test_the_first_example_is_a_whole_provisioning() -> None:
    """It has every field but the two that are left out, and the steps of the definition."""
    first = _examples("provisioning")[0]

    assert set(first) == set(write_provisioning(read_provisioning(first))) - {"log", "engine"}
    assert all(set(step) == set(StepRecord.model_fields) for step in first["steps"])
    assert [(s["name"], s["title"], s["percent"]) for s in first["steps"]] == [
        (s.name, s.title, s.percent) for s in ACTIVATION.steps
    ]


@pytest.mark.parametrize("example", _examples("provisioning")[1:], ids=lambda e: e["status"])
def test_the_other_examples_fit_on_the_first(example: dict[str, Any]) -> None:
    """With their fields in place of the first one's it is a provisioning, and `error` stands where a state has one."""
    first = _examples("provisioning")[0]

    record: Provisioning = read_provisioning(first | {"error": None} | example)

    assert set(example) <= set(first)
    assert (record.error is not None) == (record.status == Status.FAILED)
    assert example.get("error") is None or set(example["error"]) == set(Problem.model_fields)


# --- Codes -----------------------------------------------------------------------------------------------


def _calls(*folders: str) -> Iterator[tuple[str, ast.Call]]:
    for folder in folders:
        for file in sorted((SOURCES / folder).rglob("*.py")) or [SOURCES / folder]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield node.func.id, node


def _code(call: ast.Call, place: int) -> str | None:
    """The code that a call gives as text: by its name, or at its place."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    given = named or call.args[place : place + 1]
    literal = given[0] if given else None
    if isinstance(literal, ast.Constant) and re.fullmatch("[A-Z_]{4,}", str(literal.value)):
        return str(literal.value)
    return None


def _raised(names: dict[str, int], *folders: str) -> set[str]:
    codes = (_code(call, names[name]) for name, call in _calls(*folders) if name in names)
    return {code for code in codes if code}


def _said(marker: str) -> set[str]:
    """The codes in the table that follows this line of the section on codes."""
    text = section(TEXT, "### Error codes").partition(marker)[2].partition("\n\n|")[2].partition("\n\n")[0]
    return {code for cell in table_cells(f"|{text}") for code in code_words(cell)}


def test_every_code_of_a_failed_step_is_explained() -> None:
    """What steps, engine and adapters give as a reason stands in the table."""
    raised = _raised({"Permanent": 0, "Transient": 9, "Problem": 9}, "steps", "workflow", "google", "local")

    assert {"SUBDOMAIN_TAKEN", "INTERRUPTED", "MAIL_KEY_REFUSED", "INVALID_REQUEST"} <= raised
    assert raised - _said("`error.code`:") == set()


def test_every_code_of_a_wrong_field_is_explained() -> None:
    """What the check of a request gives as a reason stands in the table."""
    files = ("workflow/requests.py", "stores/subdomains.py", "stores/activation.py")
    raised = _raised({"FieldError": 1, "PydanticCustomError": 0}, *files)
    raised |= set(re.findall(r'": \("([A-Z_]+)", "', (SOURCES / "stores/activation.py").read_text()))

    assert {"UNKNOWN_FIELD", "RESERVED", "NOT_AN_EMAIL", "UNKNOWN_PLAN"} <= raised
    assert raised - _said("`error.fields[].code`") == set()


def test_no_code_is_explained_that_does_not_exist() -> None:
    """Every code of both tables stands in the sources."""
    sources = "".join(file.read_text(encoding="utf-8") for file in SOURCES.rglob("*.py"))
    explained = _said("`error.code`:") | _said("`error.fields[].code`")

    assert len(explained) > 30
    assert {code for code in explained if f'"{code}"' not in sources} == set()
