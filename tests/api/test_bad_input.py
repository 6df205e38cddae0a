"""What a hostile or broken caller sends: refused in its own words, never echoed, and nothing written."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.api.bodies import MAX_BODY, parse_json
from provisioning.api.problems import Malformed
from provisioning.errors import Conflict, Transient
from provisioning.ports import Query
from tests.api.world import ROOT, Api, code_of, fields_of
from tests.functions.conftest import Output

PATH = f"{ROOT}/merchants/m1/activate"
JSON = {"Content-Type": "application/json"}
SAID = "s3cr3t-payload"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 1} {"b": 2}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"store_name": "A", "store_name": "B"}',
        b'{"a": {"b": 1, "b": 2}}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": "\xff\xfe"}',
        b'{"a": "\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b'{"a": "\x01"}',
        b"[" * 30_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"a":' * 25 + b"1" + b"}" * 25,
        b'{"a": ' + b"9" * 5_000 + b"}",
        b"\x00" * 100,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_not_json_of_one_meaning(api: Api, body: bytes) -> None:
    """400, whatever Python's own parser would make of it."""
    assert code_of(api.send("POST", PATH, body, JSON)) == (400, "NOT_JSON")
    assert api.documents.query(Query("activation_requests")) == []


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"12", b"true", b"[{}]"])
def test_json_that_is_no_object(api: Api, body: bytes) -> None:
    answer = api.send("POST", PATH, body, JSON)

    assert fields_of(answer) == {("body", "NOT_AN_OBJECT")}


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/merge-patch+json",
        "text/json",
    ],
)
def test_other_types_are_refused(api: Api, content_type: str) -> None:
    """No page can make a browser send our JSON as a simple form."""
    answer = api.send("POST", PATH, b"{}", {"Content-Type": content_type})

    assert code_of(answer) == (415, "NOT_JSON_TYPE")


def test_charset_does_not_matter(api: Api) -> None:
    """JSON is UTF-8; a parameter that says so is no other type."""
    answer = api.send("POST", PATH, b"{}", {"Content-Type": "application/json; charset=UTF-8"})

    assert answer.status_code == 422


@pytest.mark.parametrize(("size", "status"), [(MAX_BODY, 422), (MAX_BODY + 1, 413), (20 * 1024 * 1024, 413)])
def test_body_has_a_limit(api: Api, size: int, status: int) -> None:
    """64 kB and not a byte more."""
    body = b'{"store_name": "' + b"x" * (size - 18) + b'"}'

    assert api.send("POST", PATH, body, JSON).status_code == status


def test_body_that_nobody_asked_for_is_ignored(api: Api) -> None:
    assert (
        api.send("POST", f"{ROOT}/seed-defaults", b"{nonsense", {"Content-Type": "text/plain"}).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("store_name", SAID + "\u0000"),
        ("store_name", [SAID]),
        ("store_name", {SAID: SAID}),
        ("owner_email", SAID),
        ("owner_email", f"{SAID}@example.com\r\nBcc: x@example.com"),
        ("subdomain", SAID.upper()),
        ("subdomain", f"{SAID}/../admin"),
        ("theme", f"../{SAID}"),
        ("category", SAID),
        ("launch", SAID),
        ("store_id", f"a/{SAID}"),
        ("custom_domain", f"{SAID}."),
        ("integrations", SAID),
        (SAID, SAID),
        (f"<script>{SAID}</script>", 1),
    ],
)
def test_nothing_that_was_sent_is_repeated(api: Api, field: str, value: object) -> None:
    """Neither a value nor a made-up field's markup comes back in a refusal."""
    body = json.dumps({"store_name": "A", "owner_email": "a@example.com", "subdomain": "abc", field: value})
    answer = api.send("POST", PATH, body.encode(), JSON | {"X-Secret": SAID})

    assert answer.status_code == 422
    assert SAID not in answer.get_data(as_text=True).replace(f'"field":"{SAID}"', "")
    assert "<script>" not in answer.get_data(as_text=True)
    assert SAID not in str(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api",
        ROOT,
        f"{ROOT}/",
        f"{ROOT}/themes/",
        f"{ROOT}/themes/a/b",
        f"{ROOT}/themes/..%2f..%2fmerchants",
        f"{ROOT}/provisionings/a%2Fb",
        f"{ROOT}/%FF%FE",
        f"{ROOT}/{SAID}",
        "/.env",
        "/provision/store/",
    ],
)
def test_unknown_path(api: Api, path: str) -> None:
    """404 as a problem, without the path in it."""
    answer = api.get(path)

    assert code_of(answer) == (404, "NOT_FOUND")
    assert SAID not in answer.get_data(as_text=True)


@pytest.mark.parametrize("id", ["..", "__all__", "-x", "a%20b", "a%00b", "x" * 129, "%E2%84%AA"])
@pytest.mark.parametrize("collection", ["provisionings", "themes", "plans"])
def test_id_that_is_none(api: Api, collection: str, id: str) -> None:
    """It never reaches a path of documents."""
    answer = api.get(f"{collection}/{id}")

    assert answer.status_code in (404, 422)
    assert answer.status_code == 404 or {code for _, code in fields_of(answer)} == {"INVALID_ID"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "merchants/m1/activate", {"POST", "OPTIONS"}),
        ("PATCH", "themes/x", {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}),
        ("POST", "provisionings", {"GET", "HEAD", "OPTIONS"}),
        ("TRACE", "themes", {"GET", "HEAD", "POST", "OPTIONS"}),
    ],
)
def test_method_that_is_not_there(api: Api, method: str, path: str, allowed: set[str]) -> None:
    """405 as a problem, and what is allowed beside it."""
    answer = api.call(method, path)

    assert code_of(answer) == (405, "METHOD_NOT_ALLOWED")
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_what_nobody_foresaw_is_not_told(api: Api) -> None:
    """500 with nothing of the exception, in the answer or in the log; the log names its type and place."""

    def explode(*_: object, **__: object) -> object:
        raise RuntimeError(SAID)

    object.__setattr__(api.platform.ports, "documents", type("Broken", (), {"query": explode})())
    with Output() as output:
        answer = api.get("provisionings")
    logged = output.text

    assert code_of(answer) == (500, "INTERNAL")
    assert SAID not in answer.get_data(as_text=True) + logged
    assert "function_crashed" in logged
    assert "RuntimeError" in logged


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(Transient("busy", code="BUSY"), 503, "BUSY"), (Conflict("x"), 409, "CHANGED_MEANWHILE")],
)
def test_documents_that_do_not_answer(
    api: Api, error: Exception, status: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that may have been done is never reported as done."""
    api.seed()

    def fail(_: object) -> object:
        raise error

    monkeypatch.setattr(api.documents, "commit", fail)
    theme = api.get("plans/starter").json

    assert code_of(api.put("plans/starter", theme)) == (status, code)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_sound_json_is_read_as_it_is(value: object) -> None:
    """Whatever is sound JSON is read, and read right; only its depth is bounded."""
    try:
        assert parse_json(json.dumps(value)) == value
    except Malformed:
        assert _depth(value) > 20


@given(st.text())
def test_reading_never_fails_otherwise(text: str) -> None:
    """Any text is JSON or is `Malformed`; nothing else is ever raised."""
    try:
        parse_json(text)
    except Malformed as error:
        assert error.status == 400


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["store_name", "owner_email", "subdomain", "theme", "integrations"]), JSON_VALUES
    )
)
def test_no_body_crashes_the_activation(api: Api, body: dict[str, object]) -> None:
    """Whatever the fields hold, the answer is 202 or a documented refusal."""
    assert api.post(PATH, body).status_code in (202, 400, 422)


def _depth(value: object) -> int:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, children), default=0)
