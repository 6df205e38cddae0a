"""The portal as the local front door serves it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import brotli
import pytest
from werkzeug.test import Client, TestResponse

from provisioning.local.portal import HOW_TO_BUILD, Portal, content_policy, portal_config, serve_portal

CONFIG = portal_config(runtime="embedded", project="demo", store_domain="localhost:8080")
SCRIPT = b"export const words = " + b"'a long script of the portal' + " * 200 + b"'';"


def behind(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("418 I'm a teapot", [])
    return [environ["PATH_INFO"].encode()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>Portal</title>")
    (built / "assets" / "main.4f2a.js").write_bytes(SCRIPT)
    (built / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "secret.txt").write_text("outside")
    return built


@pytest.fixture
def client(folder: Path) -> Client:
    return Client(serve_portal(Portal(lambda: CONFIG, folder), behind), TestResponse)


@pytest.mark.parametrize(
    "path",
    [
        "/api/provisioning/me",
        "/provision/store",
        "/welcome",
        "/welcome/new-link",
        "/dashboard/stores/s1",
        "/healthz",
    ],
)
def test_api_and_owners_pages_go_through(client: Client, path: str) -> None:
    for method in ("GET", "POST"):
        answer = client.open(path, method=method)
        assert (answer.status_code, answer.text) == (418, path)


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/merchants", "/stores/s1.2/releases", "/merchants/m.1"]
)
def test_every_other_address_is_the_portals(client: Client, path: str) -> None:
    """Its own router knows which page is meant; the page itself is asked for anew each time."""
    answer = client.get(path)

    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert "Portal" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


def test_hashed_files_are_kept_for_ever(client: Client) -> None:
    answer = client.get("/assets/main.4f2a.js")

    assert answer.data == SCRIPT
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.content_type.startswith("text/javascript")


def test_a_hashed_file_that_is_not_there(client: Client) -> None:
    """A page in place of a script would be kept for ever."""
    assert client.get("/assets/main.0000.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "//etc/passwd", "/a\0b"]
)
def test_nothing_outside_the_build_is_served(client: Client, path: str) -> None:
    answer = client.get(path)

    assert "outside" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize(("encoding", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_texts_are_compressed(client: Client, encoding: str, decode: Any) -> None:
    answer = client.get("/assets/main.4f2a.js", headers={"Accept-Encoding": f"zstd, {encoding};q=0.5"})

    assert answer.headers["Content-Encoding"] == encoding
    assert decode(answer.data) == SCRIPT
    assert len(answer.data) < len(SCRIPT) / 4
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_the_browser_has_is_not_sent_again(client: Client) -> None:
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_only_looking_is_answered(client: Client) -> None:
    assert client.post("/merchants").status_code == 405
    head = client.head("/")
    assert (head.status_code, head.data) == (200, b"")


def test_strict_policy_on_every_answer(client: Client) -> None:
    """Nothing inline, nothing from elsewhere but pictures and previews of stores; nobody frames it."""
    for path in ("/", "/assets/main.4f2a.js", "/config.json", "/assets/none.js"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert not re.search(r"unsafe|https?:(?!//\*\.localhost:8080)", policy)


def test_config_of_the_embedded_runtime(client: Client) -> None:
    answer = client.get("/config.json")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json == {
        "runtime": "embedded",
        "api": "/api/provisioning",
        "data": "api",
        "sign_in": "local",
        "store_domain": "localhost:8080",
        "firebase": None,
        "firestore_emulator": None,
        "faults": CONFIG["faults"],
    }


def test_config_on_the_emulators() -> None:
    """The portal reads Firestore itself there, and may connect to it."""
    config = portal_config(
        runtime="emulators",
        project="demo",
        store_domain="localhost:8080",
        firestore_emulator="127.0.0.1:9090",
    )

    assert (config["data"], config["firestore_emulator"]) == (
        "firestore",
        {"host": "127.0.0.1", "port": 9090},
    )
    assert config["firebase"]["projectId"] == "demo"
    assert "connect-src 'self' http://127.0.0.1:9090;" in content_policy(config)


def test_no_build_yet(tmp_path: Path) -> None:
    """One line says how to make one, and the page looks again by itself; the rest works."""
    says = [HOW_TO_BUILD]
    client = Client(serve_portal(Portal(lambda: CONFIG, tmp_path, lambda: says[0]), behind), TestResponse)
    answer = client.get("/merchants")

    assert (answer.status_code, answer.text) == (503, f"{HOW_TO_BUILD}\n")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Refresh"] == "3"
    assert client.get("/api/provisioning/me").status_code == 418
    assert client.get("/config.json").json == CONFIG
    (tmp_path / "index.html").write_text("<title>Portal</title>")
    assert client.get("/merchants").status_code == 200
